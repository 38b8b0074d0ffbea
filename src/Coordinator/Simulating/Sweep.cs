namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>One value that was tried.</summary>
/// <param name="Value">Frames per chunk, or chunks in flight for each slot.</param>
/// <param name="Makespan">Seconds; the mean over the seeds.</param>
/// <param name="Predicted">What the formula says; not a number where there is none.</param>
/// <param name="UrgentWait">Seconds from submit to the first chunk of the most urgent jobs, 95 of 100 within.</param>
/// <param name="WastedHours">Slot hours for attempts that were not accepted.</param>
public readonly record struct SweepPoint(
    double Value,
    double Makespan,
    double? Predicted,
    double UrgentWait,
    double WastedHours
);

/// <summary>The same fleet with one thing changed from run to run.</summary>
public sealed record Sweep(string Name, string Unit, double? Optimum, IReadOnlyList<SweepPoint> Points)
{
    private const int Seeds = 5;

    private static readonly int[] Lengths =
    [
        30,
        45,
        60,
        90,
        120,
        180,
        240,
        300,
        360,
        480,
        720,
        960,
        1440,
        1920,
        2880,
        4800,
    ];
    private static readonly double[] Windows = [1, 1.25, 1.5, 2, 3, 4, 6, 8];

    public SweepPoint Best => Points.MinBy(point => point.Makespan);

    /// <summary>One job of the median length on the scenario's workers, cut into chunks of many lengths.</summary>
    public static Sweep OfChunks(Scenario scenario, CancellationToken stop = default)
    {
        Scenario alone = scenario with { Jobs = 1, JobsPerHour = null, FramesSpread = 0, Scaling = null };
        int slots = scenario.Workers * scenario.SlotsPerWorker;
        return new Sweep(
            "Length of chunks",
            "frames per chunk",
            ChunkFormula.Optimum(scenario.FramesMedian, slots, scenario.Costs),
            [
                .. Lengths
                    .Where(length => length < 2 * scenario.FramesMedian)
                    .Select(length =>
                        Measure(
                            alone with
                            {
                                ChunkFrames = length,
                            },
                            length,
                            // The formula knows slots of equal speed, and none that share cores.
                            scenario.Cores
                                is null
                                ? ChunkFormula.Makespan(scenario.FramesMedian, slots, length, scenario.Costs)
                                : null,
                            stop
                        )
                    ),
            ]
        );
    }

    /// <summary>The scenario with more and fewer chunks in flight: too few leave slots idle, too many make urgent jobs wait.</summary>
    public static Sweep OfWindows(Scenario scenario, CancellationToken stop = default) =>
        new(
            "Window of the dispatcher",
            "chunks in flight for each slot",
            null,
            [.. Windows.Select(window => Measure(scenario with { WindowPerSlot = window }, window, null, stop))]
        );

    private static SweepPoint Measure(Scenario scenario, double value, double? predicted, CancellationToken stop)
    {
        SimulatedRun[] runs =
        [
            .. Enumerable
                .Range(0, Seeds)
                .Select(n => FleetSimulator.Run(scenario with { Seed = scenario.Seed + (ulong)n }, null, stop)),
        ];
        return new SweepPoint(
            value,
            runs.Average(run => run.Makespan),
            predicted,
            runs.Average(run =>
                run.ByPriority.MaxBy(group =>
                    int.Parse(group.Name, System.Globalization.CultureInfo.InvariantCulture)
                )!.Wait95
            ),
            runs.Average(run => run.WastedHours)
        );
    }
}
