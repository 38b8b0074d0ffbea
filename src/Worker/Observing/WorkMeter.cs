using System.Diagnostics.Metrics;
using FaceFusion.Batch.Worker.Consumers;

namespace FaceFusion.Batch.Worker.Observing;

/// <summary>What this worker does, counted while it does it: work that is lost or thrown away later as well.</summary>
public sealed class WorkMeter : IDisposable
{
    private readonly Counter<long> _frames;
    private readonly Counter<long> _faces;
    private readonly Counter<double> _stages;
    private readonly Counter<long> _attempts;

    public WorkMeter(RunningAttempts running, WorkerOptions options)
    {
        _frames = Meter.CreateCounter<long>("ffb_worker_frames_total", null, "Frames encoded.");
        _faces = Meter.CreateCounter<long>("ffb_worker_faces_total", null, "Faces found in frames, and faces fused.");
        _stages = Meter.CreateCounter<double>(
            "ffb_worker_stage_seconds_total",
            null,
            "CPU seconds spent in a stage, those of ffmpeg included."
        );
        _attempts = Meter.CreateCounter<long>("ffb_worker_attempts_total", null, "Attempts, by how they ended here.");
        _ = Meter.CreateObservableGauge(
            "ffb_worker_slots",
            () =>
                new[]
                {
                    new Measurement<int>(running.Busy, new KeyValuePair<string, object?>("use", "busy")),
                    new Measurement<int>(
                        options.Slots - running.Busy,
                        new KeyValuePair<string, object?>("use", "idle")
                    ),
                },
            null,
            "Slots, by use."
        );
    }

    public Meter Meter { get; } = new("FaceFusion.Batch.Worker");

    /// <summary>Counts what progress adds to what it said before.</summary>
    public Action<int> Count(Action<int> onFramesDone)
    {
        int before = 0;
        return framesDone =>
        {
            _frames.Add(Math.Max(0, framesDone - before));
            before = framesDone;
            onFramesDone(framesDone);
        };
    }

    public void Faces(long found, long fused)
    {
        _faces.Add(found, new KeyValuePair<string, object?>("what", "found"));
        _faces.Add(fused, new KeyValuePair<string, object?>("what", "fused"));
    }

    public void Stages(IReadOnlyDictionary<string, double> milliseconds)
    {
        foreach ((string stage, double spent) in milliseconds)
        {
            _stages.Add(spent / 1000, new KeyValuePair<string, object?>("stage", stage));
        }
    }

    /// <param name="outcome">done, failed or stopped.</param>
    public void Ended(string outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => Meter.Dispose();
}
