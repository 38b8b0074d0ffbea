namespace FaceFusion.Batch.Contracts.Api.Workers;

/// <summary>What is owed and who is there to do it: what an autoscaler divides by the seconds that it grants a worker.</summary>
public sealed record ApiScaling
{
    /// <summary>Seconds that one slot would take for all jobs that are not over; more than 0 as long as there is one that a worker must see.</summary>
    public required double OwedSeconds { get; init; }

    /// <summary>Frames that are counted and not accepted yet, those in hand and those of replays among them; of paused jobs those in hand alone.</summary>
    public required long OwedFrames { get; init; }

    /// <summary>Jobs whose frames are not counted yet, or that only scan, unless they are paused; each is taken for a chunk.</summary>
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
