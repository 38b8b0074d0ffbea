namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>One step of the fleet's history; means over the step.</summary>
/// <param name="At">Seconds at its start.</param>
/// <param name="Busy">Slots at work.</param>
/// <param name="Slots">Slots of machines that are paid for, those that still start included.</param>
/// <param name="OpenJobs">Jobs that have come and are not over.</param>
/// <param name="Commits">Segments accepted in a second.</param>
public readonly record struct TimelineStep(double At, double Busy, double Slots, double OpenJobs, double Commits);

/// <summary>The fleet's history in a fixed number of steps: their width doubles whenever time runs over the end.</summary>
internal sealed class Timeline
{
    private const int Steps = 512;

    private readonly double[] _busy = new double[Steps];
    private readonly double[] _slots = new double[Steps];
    private readonly double[] _open = new double[Steps];
    private readonly double[] _commits = new double[Steps];
    private double _end;

    public double Width { get; private set; } = 1;

    /// <summary>Nothing changed from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public void Stay(double from, double to, int busy, int slots, int open)
    {
        Reach(to);
        while (from < to)
        {
            int step = Math.Min(Steps - 1, (int)(from / Width));
            double until = step == Steps - 1 ? to : Math.Min(to, (step + 1) * Width);
            double time = until - from;
            _busy[step] += busy * time;
            _slots[step] += slots * time;
            _open[step] += open * time;
            // A boundary that rounding puts at the same place again must not hold time up.
            from = until > from ? until : to;
        }
    }

    public void Commit(double at)
    {
        Reach(at);
        _commits[Math.Min(Steps - 1, (int)(at / Width))]++;
    }

    public IReadOnlyList<TimelineStep> Read()
    {
        int used = Math.Clamp((int)Math.Ceiling(_end / Width), 1, Steps);
        return
        [
            .. Enumerable
                .Range(0, used)
                .Select(i =>
                {
                    double time = Math.Max(1e-9, Math.Min(Width, _end - (i * Width)));
                    return new TimelineStep(
                        i * Width,
                        _busy[i] / time,
                        _slots[i] / time,
                        _open[i] / time,
                        _commits[i] / Math.Max(time, Width / 4)
                    );
                }),
        ];
    }

    private void Reach(double time)
    {
        _end = Math.Max(_end, time);
        while (time >= Steps * Width)
        {
            Width *= 2;
            Span<double[]> all = [_busy, _slots, _open, _commits];
            foreach (double[] series in all)
            {
                for (int i = 0; i < Steps / 2; i++)
                {
                    series[i] = series[2 * i] + series[(2 * i) + 1];
                }

                Array.Clear(series, Steps / 2, Steps / 2);
            }
        }
    }
}
