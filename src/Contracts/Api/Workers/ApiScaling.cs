namespace FaceFusion.Batch.Contracts.Api.Workers;

/// <summary>What is owed and who is there to do it: what an autoscaler divides by the seconds that it grants a worker.</summary>
public sealed record ApiScaling
{
    /// <summary>Seconds that one slot would take for all jobs that are not over; more than 0 as long as there is one that a worker must see.</summary>
    public required double OwedSeconds { get; init; }

    /// <summary>Frames of planned jobs that are not accepted yet, leased ones among them.</summary>
    public required long OwedFrames { get; init; }

    /// <summary>Jobs that are accepted and not planned yet; each is taken for a chunk.</summary>
    public required int UnplannedJobs { get; init; }

    /// <summary>Seconds that a slot takes for a frame, by the chunks of open jobs that are accepted; before the first, a guess.</summary>
    public required double SecondsPerFrame { get; init; }

    /// <summary>Workers that are alive and take work.</summary>
    public required int Workers { get; init; }

    /// <summary>Chunks that they work on at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Of these, at work.</summary>
    public required int BusySlots { get; init; }
}
