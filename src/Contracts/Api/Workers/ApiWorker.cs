namespace FaceFusion.Batch.Contracts.Api.Workers;

/// <summary>Where a worker stands.</summary>
public enum WorkerStep
{
    Live,

    /// <summary>It finishes what it works on and takes nothing more.</summary>
    Draining,

    /// <summary>It works on nothing and takes nothing until it is resumed.</summary>
    Drained,

    /// <summary>Taken out of work: it failed several chunks that others then fused. Resume it when it is mended.</summary>
    Blocked,

    /// <summary>It has said that it ends.</summary>
    Stopped,

    /// <summary>Nothing was heard of it for longer than a lease.</summary>
    Lost,
}

/// <summary>A worker as it last reported. One that was not heard of for a day is forgotten.</summary>
public sealed record ApiWorker
{
    public required string Id { get; init; }
    public required WorkerStep State { get; init; }

    /// <summary>Chunks that it works on at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Chunks that it works on now, whosever they are.</summary>
    public required int Busy { get; init; }

    /// <summary>It was told to take nothing more; a new process of the same machine is not told.</summary>
    public required bool Draining { get; init; }

    /// <summary>Chunks that it failed and others then fused, since it last fused one itself.</summary>
    public required int Strikes { get; init; }

    /// <summary>When it was taken out of work for them; left out: it was not.</summary>
    public DateTimeOffset? BlockTime { get; init; }

    /// <summary>Since it was last heard of.</summary>
    public required double HeartbeatAgeSeconds { get; init; }

    /// <summary>What its models run on, such as <c>cuda:0: NVIDIA H100</c>; left out: it has not loaded any yet.</summary>
    public string? Device { get; init; }

    /// <summary>Workers of one build make the same frames, and a job is done by one; left out: it has not loaded its models yet.</summary>
    public string? Build { get; init; }

    /// <summary>Your chunks that it works on; left out in lists.</summary>
    public IReadOnlyList<ApiRunningChunk>? Running { get; init; }
}

/// <param name="Job">Its job.</param>
/// <param name="Index">Of the chunk.</param>
/// <param name="Attempt">Which try it is.</param>
/// <param name="FramesDone">As last heard.</param>
/// <param name="FramesTotal">Of the chunk.</param>
public sealed record ApiRunningChunk(string Job, int Index, int Attempt, int FramesDone, int FramesTotal);

public sealed record ApiWorkerList(IReadOnlyList<ApiWorker> Workers);
