using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>What becomes of segments that workers say are done: looked for in the store, committed, or sent back.</summary>
public sealed partial class CommitStage(
    CommitLedger commits,
    ChunkLedger chunks,
    JobLedger jobs,
    FusionStage fusion,
    SidecarShelf sidecars,
    Blocklist blocklist,
    IBlobStore store,
    WakeSignal wake,
    CommitMeter meter,
    ILogger<CommitStage> logger
)
{
    /// <summary>Looks into the store at a time; over a line each takes a while.</summary>
    private const int AtATime = 16;

    /// <summary>Takes any number of words at once, of any jobs. Any of them may be late, repeated or untrue.</summary>
    public async Task FusedAsync(IReadOnlyList<ChunkFused> words, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChunkFused> sound = await FindSoundAsync(words, cancellationToken);
        if (sound.Count == 0)
        {
            return;
        }

        IReadOnlyList<ChunkFused> accepted = await commits.AcceptAsync(sound, cancellationToken);
        foreach (ChunkFused fused in sound.Except(accepted))
        {
            Refuse(fused);
        }

        foreach (ChunkFused fused in accepted)
        {
            LogAccepted(fused.JobId, fused.ChunkIndex, fused.Attempt, fused.WorkerId, fused.Seconds);
        }

        meter.Accepted(accepted);
        await blocklist.JudgeAsync(accepted, cancellationToken);
        wake.Set();
        foreach (Guid jobId in accepted.Select(fused => fused.JobId).Distinct())
        {
            await fusion.FinishAsync(jobId, cancellationToken);
        }
    }

    /// <summary>Those of newest attempts whose segments are as they say; the others are refused, or fail.</summary>
    private async Task<IReadOnlyList<ChunkFused>> FindSoundAsync(
        IReadOnlyList<ChunkFused> words,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyDictionary<Guid, JobRow> owners = await jobs.FindAsync(
            [.. words.Select(fused => fused.JobId).Distinct()],
            cancellationToken
        );
        IReadOnlyDictionary<(Guid, int), ChunkRow> rows = await chunks.FindAsync(words, cancellationToken);
        ConcurrentBag<ChunkFused> sound = [];
        ParallelOptions several = new() { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            words.Distinct(),
            several,
            async (fused, stop) =>
            {
                if (
                    !owners.TryGetValue(fused.JobId, out JobRow? job)
                    || !rows.TryGetValue((fused.JobId, fused.ChunkIndex), out ChunkRow? chunk)
                    || chunk.Attempt != fused.Attempt
                )
                {
                    Refuse(fused);
                }
                else if (await FindFlawAsync(job, chunk, fused, stop) is { } flaw)
                {
                    ChunkFailed failed = new(fused.JobId, fused.ChunkIndex, fused.Attempt, fused.WorkerId, flaw);
                    await fusion.FailedAsync(failed, stop);
                }
                else
                {
                    // Before the commit: a sidecar is true whatever becomes of the segment.
                    await sidecars.ShelveAsync(job, chunk, stop);
                    sound.Add(fused);
                }
            }
        );
        return [.. sound];
    }

    private void Refuse(ChunkFused fused)
    {
        meter.Refused();
        LogRefused(fused.JobId, fused.ChunkIndex, fused.Attempt);
    }

    /// <summary>What is wrong with a reported segment, by what the store and the plan say; null: nothing.</summary>
    private async Task<Failure?> FindFlawAsync(
        JobRow job,
        ChunkRow chunk,
        ChunkFused fused,
        CancellationToken cancellationToken
    )
    {
        if (fused.Frames != chunk.Range.Length)
        {
            return new Failure(
                FailureKind.MediaToolFault,
                "segment-frames",
                $"A segment has {fused.Frames} frames where {chunk.Range.Length} were ordered.",
                true
            );
        }

        long? length = await store.FindLengthAsync(ChunkBlobs.Segment(job, chunk), cancellationToken);
        return length == fused.SegmentBytes
            ? null
            : new Failure(
                FailureKind.StorageFault,
                "segment-missing",
                $"A segment was reported with {fused.SegmentBytes} bytes and the store has {length?.ToString() ?? "none"}.",
                true
            );
    }

    [LoggerMessage(
        EventIds.ChunkAccepted,
        LogLevel.Information,
        "Job {JobId}: chunk {ChunkIndex} attempt {Attempt} accepted from {WorkerId} after {Seconds:F1} s"
    )]
    private partial void LogAccepted(Guid jobId, int chunkIndex, int attempt, string workerId, double seconds);

    [LoggerMessage(
        EventIds.ChunkRefused,
        LogLevel.Information,
        "Job {JobId}: chunk {ChunkIndex} attempt {Attempt} is not the newest; its segment is refused"
    )]
    private partial void LogRefused(Guid jobId, int chunkIndex, int attempt);
}
