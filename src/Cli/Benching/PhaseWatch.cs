using System.Diagnostics;
using FaceFusion.Batch.Hosting.Tracing;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>
/// Listens to when the stages of jobs are ordered, until it is disposed. Where the CPU time of stages says what was worked, this is by the
/// clock: what lies before the chunks and behind them is other jobs' time in a batch, and all of the wait for whoever has one video.
/// </summary>
internal sealed class PhaseWatch : IDisposable
{
    private const string Order = "order ";

    private readonly Lock _adding = new();
    private readonly List<(Guid? Job, string Name, DateTime Start)> _orders = [];
    private readonly DateTime _start = Now();
    private readonly ActivityListener _listener;

    public PhaseWatch()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FleetTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Seconds from the order of each of the job's stages to that of the next, the last one to now; in the job's order.</summary>
    public IReadOnlyList<BenchPhase> UntilNow(Guid job)
    {
        DateTime now = Now();
        lock (_adding)
        {
            // Chunks are ordered one after another; the first begins the stage.
            (string Name, DateTime Start)[] phases =
            [
                ("submitting", _start),
                .. _orders
                    .Where(o => o.Job == job)
                    .GroupBy(o => o.Name, (name, orders) => (name, orders.Min(o => o.Start)))
                    .OrderBy(p => p.Item2),
            ];
            IEnumerable<DateTime> ends = phases.Skip(1).Select(p => p.Start).Append(now);
            return [.. phases.Zip(ends, (p, end) => new BenchPhase(p.Name, (end - p.Start).TotalSeconds))];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;

    private void Add(Activity span)
    {
        if (span.OperationName.StartsWith(Order, StringComparison.Ordinal))
        {
            lock (_adding)
            {
                _orders.Add(
                    (
                        span.GetTagItem(FleetTrace.JobTag) as Guid?,
                        span.OperationName[Order.Length..].ToLowerInvariant(),
                        span.StartTimeUtc
                    )
                );
            }
        }
    }
}
