using System.Text.Json;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Xunit;

namespace FaceFusion.Batch.Faults.Tests.Checking;

/// <summary>The check itself: what a real run left behind, broken in one place, is found broken.</summary>
public sealed class InvariantsTests(FaultBench bench)
{
    private static readonly Dictionary<string, Func<Evidence, Evidence>> Breaks = new()
    {
        ["1: never ends"] = e => e with { Job = Changed(e.Job, j => j.State = JobState.Fusing) },
        ["1: has no result"] = e => e with { Result = null },
        ["2: a chunk is not in the join"] = e => WithFrames(e, f => f[..^8]),
        ["2: a frame is there twice"] = e => WithFrames(e, f => [.. f, f[^1]]),
        ["2: a frame is one tick late"] = e => WithFrames(e, f => [f[0], "1", .. f[2..]]),
        ["2: the sound is short"] = e => e with { Result = e.Result! with { Audio = e.Result.Audio[1..] } },
        ["2: a gap between chunks"] = e => WithChunk(e, c => c.Start++),
        ["2: the stored result is another"] = e => WithBlob(e, e.Job.ResultBlob!, b => b with { Sha256 = "other" }),
        ["3: a stale attempt was accepted"] = e => WithAttempt(e, a => a.Outcome = AttemptOutcome.Failed),
        ["3: two attempts were accepted"] = e =>
            e with
            {
                Attempts = [.. e.Attempts, Changed(e.Attempts[0], a => (a.Attempt, a.Delivery) = (2, Guid.NewGuid()))],
            },
        ["3: an attempt has no history"] = e => e with { Attempts = [.. e.Attempts.Skip(1)] },
        ["3: half a segment"] = e => WithBlob(e, SegmentOf(e), b => b with { Length = b.Length / 2 }),
        ["3: the segment of another attempt"] = e => WithBlob(e, SegmentOf(e), b => b with { Sha256 = "other" }),
        ["3: the winner was collected"] = e => e with { Blobs = [.. e.Blobs.Where(b => b.Name != SegmentOf(e))] },
        ["4: other frames"] = e => WithChunk(e, c => c.FramesHash = "other"),
        ["4: other pictures in the result"] = e =>
            e with
            {
                Result = e.Result! with { FrameHashes = [.. e.Result.FrameHashes.Reverse()] },
            },
        ["6: cancelled and published"] = e =>
            e with
            {
                IsCancelled = true,
                Job = Changed(e.Job, j => j.State = JobState.Cancelled),
            },
        ["8: the target was changed"] = e => e with { TargetSha256 = "other" },
    };

    public static TheoryData<string> Names => [.. Breaks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_OfBrokenEvidence_NamesTheInvariant(string name)
    {
        IReadOnlyList<string> breaches = Invariants.Check(Breaks[name](bench.Reference), bench.Reference);

        Assert.Contains(breaches, breach => breach.StartsWith($"Invariant {name[0]}:", StringComparison.Ordinal));
    }

    private static string SegmentOf(Evidence evidence) =>
        Coordinator.Tracking.ChunkBlobs.Segment(evidence.Job, evidence.Chunks[1]).Value;

    private static Evidence WithFrames(Evidence evidence, Func<string[], string[]> change) =>
        evidence with
        {
            Result = evidence.Result! with { FrameTimes = change(evidence.Result.FrameTimes) },
        };

    private static Evidence WithChunk(Evidence evidence, Action<ChunkRow> change) =>
        evidence with
        {
            Chunks = [.. evidence.Chunks.Select((c, i) => i == 1 ? Changed(c, change) : c)],
        };

    private static Evidence WithAttempt(Evidence evidence, Action<AttemptRow> change) =>
        evidence with
        {
            Attempts = [.. evidence.Attempts.Select((a, i) => i == 1 ? Changed(a, change) : a)],
        };

    private static Evidence WithBlob(Evidence evidence, string name, Func<StoredBlob, StoredBlob> change) =>
        evidence with
        {
            Blobs = [.. evidence.Blobs.Select(b => b.Name == name ? change(b) : b)],
        };

    private static T Changed<T>(T row, Action<T> change)
    {
        T copy = JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(row))!;
        change(copy);
        return copy;
    }
}
