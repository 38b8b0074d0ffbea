using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Contracts.Api.Events;

/// <summary>Something that has happened to a job. Clients pass over types that they do not know.</summary>
public sealed record ApiEvent
{
    /// <summary>From 1 in each job, without a gap; the event id of the stream.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// <c>job.state_changed</c>, <c>chunk.succeeded</c>, <c>chunk.failed</c> (it is tried again), <c>chunk.returned</c> (by no fault;
    /// it is tried again) or <c>chunk.quarantined</c> (it is not, and the job fails).
    /// </summary>
    public required string Type { get; init; }
    public required string Job { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where the job stands since then.</summary>
    public JobStep? State { get; init; }

    /// <summary>What is done there, in one word.</summary>
    public string? Stage { get; init; }

    /// <summary>Index of the chunk.</summary>
    public int? Chunk { get; init; }
    public int? Attempt { get; init; }
    public string? Worker { get; init; }

    /// <summary>Of the failure.</summary>
    public string? Code { get; init; }
}

public sealed record ApiEventList(IReadOnlyList<ApiEvent> Events, string? NextPageToken);

/// <summary>Data of the stream's event <c>reset</c>: the id to go on from was none of this job's, and all of its events follow.</summary>
public sealed record ApiReset(string Job);
