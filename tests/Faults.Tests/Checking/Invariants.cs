using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;

namespace FaceFusion.Batch.Faults.Tests.Checking;

/// <summary>What must hold of a job whatever happened to it, in the words of ARCHITECTURE.md.</summary>
internal static class Invariants
{
    /// <param name="evidence">A job that is over, or should be.</param>
    /// <param name="reference">The same job on the same fleet, and nothing happened to it.</param>
    /// <returns>Every breach, in a sentence; empty: all hold.</returns>
    public static IReadOnlyList<string> Check(Evidence evidence, Evidence reference) =>
        evidence.IsCancelled
            ? [.. evidence.Regressions, .. CheckCancelled(evidence), .. CheckAttempts(evidence)]
            :
            [
                .. evidence.Regressions,
                .. CheckEnd(evidence),
                .. CheckAttempts(evidence),
                .. CheckChunks(evidence, reference),
                .. CheckBlobs(evidence),
                .. CheckResult(evidence, reference),
            ];

    private static IEnumerable<string> CheckEnd(Evidence evidence)
    {
        if (evidence.Job.State != JobState.Succeeded)
        {
            yield return $"Invariant 1: the job is {evidence.Job.State} ({evidence.Job.Failure?.Code}: {evidence.Job.Failure?.Message}).";
        }

        if (evidence.TargetSha256 != evidence.Job.TargetSha256)
        {
            yield return "Invariant 8: the stored target has other bytes than were submitted.";
        }
    }

    /// <summary>Numbers without a gap, each at most once, none that ended after it was followed and won.</summary>
    private static IEnumerable<string> CheckAttempts(Evidence evidence)
    {
        foreach (ChunkRow chunk in evidence.Chunks)
        {
            AttemptRow[] tries = [.. evidence.Attempts.Where(a => a.ChunkIndex == chunk.Index).OrderBy(a => a.Attempt)];
            if (!tries.Select(a => a.Attempt).SequenceEqual(Enumerable.Range(1, chunk.Attempt)))
            {
                yield return $"Invariant 3: chunk {chunk.Index} at attempt {chunk.Attempt} has the history {string.Join(',', tries.Select(a => a.Attempt))}.";
            }

            AttemptRow[] won = [.. tries.Where(a => a.Outcome == AttemptOutcome.Fused)];
            if (won.Length > 1 || (won.Length == 1 && won[0].Attempt != chunk.Attempt))
            {
                yield return $"Invariant 3: chunk {chunk.Index} at attempt {chunk.Attempt} was won by {string.Join(',', won.Select(a => a.Attempt))}.";
            }

            if (tries.Select(a => a.Delivery).Distinct().Count() != tries.Length)
            {
                yield return $"Invariant 3: attempts at chunk {chunk.Index} share a delivery.";
            }
        }
    }

    private static IEnumerable<string> CheckChunks(Evidence evidence, Evidence reference)
    {
        int next = 0;
        foreach (ChunkRow chunk in evidence.Chunks.OrderBy(c => c.Index))
        {
            if (chunk.Start != next)
            {
                yield return $"Invariant 2: chunk {chunk.Index} begins at frame {chunk.Start} and not at {next}.";
            }

            next = chunk.End;
            AttemptRow? last = evidence.Attempts.LastOrDefault(a =>
                a.ChunkIndex == chunk.Index && a.Attempt == chunk.Attempt
            );
            if (chunk.State != ChunkState.Fused || last?.Outcome != AttemptOutcome.Fused)
            {
                yield return $"Invariant 3: chunk {chunk.Index} is {chunk.State} and its newest attempt {last?.Outcome}.";
            }

            string? expected = reference.Chunks.SingleOrDefault(c => c.Index == chunk.Index)?.FramesHash;
            if (chunk.FramesHash != expected)
            {
                yield return $"Invariant 4: the frames of chunk {chunk.Index} have the hash {chunk.FramesHash} and not {expected}.";
            }
        }

        if (next != reference.Job.FrameCount)
        {
            yield return $"Invariant 2: the chunks end at frame {next} of {reference.Job.FrameCount}.";
        }
    }

    /// <summary>The accepted segments are there to the last byte; what else is there can be told for a loser by its name.</summary>
    private static IEnumerable<string> CheckBlobs(Evidence evidence)
    {
        Dictionary<string, StoredBlob> blobs = evidence.Blobs.ToDictionary(b => b.Name);
        foreach (ChunkRow chunk in evidence.Chunks)
        {
            string name = ChunkBlobs.Segment(evidence.Job, chunk).Value;
            StoredBlob? segment = blobs.GetValueOrDefault(name);
            if (segment is null || segment.Length != chunk.SegmentBytes || segment.Sha256 != chunk.SegmentSha256)
            {
                yield return $"Invariant 3: the accepted segment of chunk {chunk.Index} is {(segment is null ? "missing" : "not what was accepted")}.";
            }

            if (blobs.GetValueOrDefault(ChunkBlobs.Report(chunk).Value) is not { Length: > 0 })
            {
                yield return $"Invariant 3: the report of chunk {chunk.Index} is missing or empty.";
            }
        }

        if (
            evidence.Job.ResultBlob is { } result
            && blobs.GetValueOrDefault(result)?.Sha256 != evidence.Job.ResultSha256
        )
        {
            yield return "Invariant 2: the stored result is not the one that was verified.";
        }
    }

    private static IEnumerable<string> CheckResult(Evidence evidence, Evidence reference)
    {
        if (evidence.Result is not { } result)
        {
            yield return "Invariant 1: there is no result.";
            yield break;
        }

        if (!result.FrameTimes.SequenceEqual(evidence.Target.FrameTimes))
        {
            yield return $"Invariant 2: the result has {result.FrameTimes.Length - 1} frames at times other than the target's {evidence.Target.FrameTimes.Length - 1}.";
        }

        if (!result.FrameHashes.SequenceEqual(reference.Result?.FrameHashes ?? []))
        {
            yield return "Invariant 4: the result's frames are not those of the run without faults.";
        }

        if (!result.Audio.SequenceEqual(evidence.Target.Audio))
        {
            yield return "Invariant 2: the sound is not the target's.";
        }
    }

    private static IEnumerable<string> CheckCancelled(Evidence evidence)
    {
        if (evidence.Job.State != JobState.Cancelled)
        {
            yield return $"Invariant 6: the cancelled job is {evidence.Job.State}.";
        }

        if (evidence.Job.ResultBlob is not null || evidence.Result is not null)
        {
            yield return "Invariant 6: the cancelled job has a result.";
        }
    }
}
