namespace FaceFusion.Batch.Faults.Tests.Schedules;

/// <summary>The faults of one seed, the same each time it is asked for.</summary>
internal sealed record FaultSchedule(int Seed, IReadOnlyList<Fault> Faults, double? CancelAt)
{
    /// <summary>The worker that faults can be armed in.</summary>
    private const string Faulty = "w0";

    private static readonly string[] WorkerPoints =
    [
        "before-FuseChunk",
        "before-ack-FuseChunk",
        "before-publish-ChunkFused",
        "after-publish-ChunkFused",
        "before-publish-VideoScanned",
        "within-FuseChunk",
        "within-FuseChunk",
    ];

    private static readonly string[] CoordinatorPoints =
    [
        "before-PrepareVideo",
        "within-PrepareVideo",
        "before-publish-ScanVideo",
        "before-VideoScanned",
        "before-ack-VideoScanned",
        "before-publish-FuseChunk",
        "after-publish-FuseChunk",
        "before-ChunkFused",
        "after-commit",
        "before-ack-ChunkFused",
        "before-publish-AssembleVideo",
        "within-AssembleVideo",
        "publishing",
        "before-succeeded",
        "before-ack-AssembleVideo",
    ];

    private static readonly string[] ToWorker = ["FuseChunk", "FuseChunk", "ScanVideo"];

    private static readonly string[] ToCoordinator =
    [
        "ChunkFused",
        "ChunkFused",
        "ChunkProgressed",
        "VideoScanned",
        "PrepareVideo",
        "AssembleVideo",
        "WorkerReported",
    ];

    /// <summary>The first fault goes through all kinds in turn, the others are drawn.</summary>
    public static FaultSchedule Of(int seed)
    {
        FaultKind[] kinds = Enum.GetValues<FaultKind>();
        Random random = new(seed);
        List<Fault> faults = [Draw(random, kinds[seed % kinds.Length])];
        int more = random.Next(1, 4);
        // A restart of the broker takes as long as everything else together, so it is not drawn.
        FaultKind[] quick = [.. kinds.Where(k => k != FaultKind.RestartBroker)];
        for (int i = 0; i < more; i++)
        {
            faults.Add(Draw(random, quick[random.Next(quick.Length)]));
        }

        double? cancelAt = random.Next(4) == 0 ? Within(random, 0.2, 5) : null;
        return new FaultSchedule(seed, [.. faults.OrderBy(f => f.At)], cancelAt);
    }

    public override string ToString() =>
        $"seed {Seed}: "
        + string.Join("; ", Faults)
        + (CancelAt is { } at ? FormattableString.Invariant($"; a second job is cancelled at {at:0.00} s") : "");

    private static Fault Draw(Random random, FaultKind kind)
    {
        double at = Within(random, 0.1, 4.5);
        string worker = random.Next(2) == 0 ? "w0" : "w1";
        int hit = random.Next(1, 4);
        return kind switch
        {
            FaultKind.KillWorker => new Fault(at, kind, worker, "", 0, 0),
            FaultKind.KillCoordinator => new Fault(at, kind, "coordinator", "", 0, 0),
            FaultKind.WorkerDiesAt => At(random, kind, Faulty, WorkerPoints, hit, Within(random, 0.02, 0.6)),
            FaultKind.CoordinatorDiesAt => At(
                random,
                kind,
                "coordinator",
                CoordinatorPoints,
                hit,
                Within(random, 0.02, 0.4)
            ),
            FaultKind.FreezeWorker => new Fault(at, kind, worker, "", 0, Within(random, 3.5, 6)),
            FaultKind.FreezeCoordinator => new Fault(at, kind, "coordinator", "", 0, Within(random, 3.5, 5)),
            FaultKind.LoseMessage or FaultKind.DoubleMessage or FaultKind.DelayMessage => Message(random, kind, hit),
            FaultKind.RestartBroker or FaultKind.RestartDatabase => new Fault(at, kind, "", "", 0, 0),
            FaultKind.CutBroker or FaultKind.CutDatabase => new Fault(at, kind, "", "", 0, 0),
            FaultKind.ClockSkew => new Fault(
                at,
                kind,
                random.Next(3) == 0 ? Faulty : "coordinator",
                "",
                0,
                Within(random, -4, 8)
            ),
            FaultKind.FullDisk => new Fault(at, kind, worker, "", 0, Within(random, 1, 3)),
            _ => new Fault(at, kind, "", "", 0, Within(random, 0.5, 2.5)),
        };
    }

    /// <summary>What happens once in a job is armed for its first time.</summary>
    private static Fault At(Random random, FaultKind kind, string process, string[] points, int hit, double seconds)
    {
        string point = points[random.Next(points.Length)];
        return new Fault(0, kind, process, point, point.Contains("Chunk", StringComparison.Ordinal) ? hit : 1, seconds);
    }

    private static Fault Message(Random random, FaultKind kind, int hit)
    {
        bool toWorker = random.Next(2) == 0;
        string[] messages = toWorker ? ToWorker : ToCoordinator;
        double seconds = kind == FaultKind.DelayMessage ? Within(random, 0.3, 5) : 0;
        return At(random, kind, toWorker ? Faulty : "coordinator", messages, hit, seconds);
    }

    private static double Within(Random random, double from, double to) =>
        Math.Round(from + (random.NextDouble() * (to - from)), 2);
}
