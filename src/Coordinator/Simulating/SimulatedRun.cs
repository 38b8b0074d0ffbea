namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>What came of one simulated fleet. Times are in seconds.</summary>
public sealed record SimulatedRun
{
    /// <summary>Workers at most at a time.</summary>
    public required int Workers { get; init; }

    public required int Jobs { get; init; }
    public required int Succeeded { get; init; }
    public required int Failed { get; init; }

    /// <summary>From the first job's arrival to the last job's end.</summary>
    public required double Makespan { get; init; }

    public required long Frames { get; init; }

    /// <summary>Segments accepted: exactly one for each chunk of the jobs that succeeded.</summary>
    public required long Commits { get; init; }

    /// <summary>Attempts begun by workers.</summary>
    public required long Attempts { get; init; }

    /// <summary>Attempts that ended otherwise: <c>lost</c>, <c>voided</c>, <c>failed</c> or <c>refused</c>.</summary>
    public required IReadOnlyDictionary<string, long> Ended { get; init; }

    /// <summary>Preempted machines.</summary>
    public required int Preemptions { get; init; }

    /// <summary>Hours of machines times slots, cold starts and idle time included.</summary>
    public required double SlotHours { get; init; }

    /// <summary>Of those, at work on a chunk.</summary>
    public required double BusyHours { get; init; }

    /// <summary>Of those, for attempts whose segment was not accepted.</summary>
    public required double WastedHours { get; init; }

    /// <summary>Share of the slot hours that the frames alone would have taken, 0 to 1: what is left after start-up, margins, waste and idling.</summary>
    public required double Efficiency { get; init; }

    public required double FramesPerSecond { get; init; }

    /// <summary>Frames per chunk of the last job that was planned.</summary>
    public required int ChunkFrames { get; init; }

    public required IReadOnlyList<WaitGroup> ByPriority { get; init; }

    /// <summary>At most ten tenants, those with the most jobs.</summary>
    public required IReadOnlyList<WaitGroup> ByTenant { get; init; }

    public required ControlLoad Load { get; init; }
    public required IReadOnlyList<TimelineStep> Timeline { get; init; }

    /// <summary>When the fleet changed its size, and to how many workers.</summary>
    public required IReadOnlyList<ScaleStep> Scaling { get; init; }

    /// <summary>Events that were simulated.</summary>
    public required long Events { get; init; }
}

/// <summary>How long jobs waited from submit to their first chunk's start, and until they were over; seconds.</summary>
public sealed record WaitGroup(
    string Name,
    int Jobs,
    double WaitMean,
    double WaitMedian,
    double Wait95,
    double WaitLongest,
    double TurnaroundMedian,
    double Turnaround95
);

public readonly record struct ScaleStep(double At, int Workers);

/// <summary>What the fleet asks of Coordinator, broker and database, a second.</summary>
/// <param name="Commits">Segments accepted, mean over the makespan.</param>
/// <param name="CommitsPeak">The same in the busiest step of the timeline.</param>
/// <param name="HeartbeatsPeak">Words of chunks and of workers when most of them are at work.</param>
/// <param name="PollsPeak">Questions of clients when most jobs are open.</param>
/// <param name="PreparesPeak">Jobs that were prepared at the same time.</param>
/// <param name="AssembliesPeak">Jobs that were assembled at the same time.</param>
public sealed record ControlLoad(
    double Commits,
    double CommitsPeak,
    double HeartbeatsPeak,
    double PollsPeak,
    int PreparesPeak,
    int AssembliesPeak
);
