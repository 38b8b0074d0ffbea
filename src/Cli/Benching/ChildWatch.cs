using System.Diagnostics;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>The ffmpeg and ffprobe runs of one purpose.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Seconds">From start to end, added up.</param>
/// <param name="CpuSeconds">As far as they could be asked; the last moments of a child may be missing.</param>
internal sealed record ChildRuns(int Count, double Seconds, double CpuSeconds);

/// <summary>Listens to the spans of ffmpeg and ffprobe until it is disposed.</summary>
internal sealed class ChildWatch : IDisposable
{
    private readonly Lock _adding = new();
    private readonly SortedDictionary<string, ChildRuns> _runs = [];
    private readonly ActivityListener _listener;

    public ChildWatch()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FaceFusion.Batch.Media",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>By program and purpose.</summary>
    public IReadOnlyDictionary<string, ChildRuns> Runs => _runs;

    public void Dispose() => _listener.Dispose();

    private void Add(Activity span)
    {
        double cpu = span.GetTagItem("ffb.cpu_ms") is double milliseconds ? milliseconds / 1000 : 0;
        lock (_adding)
        {
            ChildRuns before = _runs.GetValueOrDefault(span.DisplayName) ?? new ChildRuns(0, 0, 0);
            _runs[span.DisplayName] = new ChildRuns(
                before.Count + 1,
                before.Seconds + span.Duration.TotalSeconds,
                before.CpuSeconds + cpu
            );
        }
    }
}
