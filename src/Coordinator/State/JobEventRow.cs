using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>What an event tells.</summary>
public enum JobEventKind
{
    /// <summary>The job stands at <see cref="JobEventRow.State"/> now.</summary>
    StateChanged,

    /// <summary>Nothing new of it is begun.</summary>
    Paused,

    /// <summary>It goes on at <see cref="JobEventRow.State"/>.</summary>
    Resumed,

    /// <summary>An attempt's segment became the chunk's.</summary>
    ChunkSucceeded,

    /// <summary>An attempt made nothing, or what it made is no good; the chunk waits again.</summary>
    ChunkFailed,

    /// <summary>An attempt was given back by a worker that stopped, or taken by none; the chunk waits again.</summary>
    ChunkReturned,

    /// <summary>The chunk is not tried again; the job fails.</summary>
    ChunkQuarantined,
}

/// <summary>One event of a job. They are numbered from 1 without a gap, and go with the job.</summary>
public sealed class JobEventRow
{
    public Guid JobId { get; set; }
    public int Number { get; set; }
    public DateTimeOffset At { get; set; }
    public JobEventKind Kind { get; set; }

    /// <summary>Of the job; null for what is told of a chunk.</summary>
    public JobState? State { get; set; }
    public int? ChunkIndex { get; set; }
    public int? Attempt { get; set; }
    public string? WorkerId { get; set; }

    /// <summary>Of the failure, where one is told.</summary>
    public string? Code { get; set; }
}
