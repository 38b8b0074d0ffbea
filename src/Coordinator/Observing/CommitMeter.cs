using System.Diagnostics.Metrics;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Observing;

/// <summary>What workers have done, counted where it is accepted: each frame once, however often it was tried.</summary>
public sealed class CommitMeter : IDisposable
{
    private readonly Lock _guard = new();
    private readonly Counter<long> _chunks;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _batch;
    private readonly Histogram<double> _seconds;

    public CommitMeter()
    {
        _chunks = Meter.CreateCounter<long>("ffb_chunks_committed_total", null, "Chunks whose segments were accepted.");
        _frames = Meter.CreateCounter<long>("ffb_frames_committed_total", null, "Frames in accepted segments.");
        _attempts = Meter.CreateCounter<long>(
            "ffb_attempts_ended_total",
            null,
            "Attempts at chunks, by how they ended."
        );
        _refused = Meter.CreateCounter<long>(
            "ffb_chunks_refused_total",
            null,
            "Segments told of by attempts that do not count any more, or of jobs that have ended."
        );
        _batch = Meter.CreateHistogram(
            "ffb_commit_batch_chunks",
            null,
            "Chunks committed in one transaction.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100] }
        );
        _seconds = Meter.CreateHistogram(
            "ffb_chunk_seconds",
            null,
            "Seconds that a worker took for an accepted chunk.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
            }
        );
    }

    public Meter Meter { get; } = new("FaceFusion.Batch.Coordinator");

    /// <summary>Of a slot, smoothed over the last chunks; before the first one a guess.</summary>
    public double SecondsPerFrame { get; private set; } = SlotSpeed.Guess;

    public void Accepted(IReadOnlyList<ChunkFused> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        _batch.Record(batch.Count);
        _chunks.Add(batch.Count);
        foreach (ChunkFused fused in batch)
        {
            _frames.Add(fused.Frames);
            _seconds.Record(fused.Seconds);
            Ended(AttemptOutcome.Fused);
            lock (_guard)
            {
                SecondsPerFrame = SlotSpeed.After(SecondsPerFrame, fused.Seconds, fused.Frames);
            }
        }
    }

    public void Refused() => _refused.Add(1);

    public void Ended(AttemptOutcome outcome) =>
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    public void Dispose() => Meter.Dispose();
}
