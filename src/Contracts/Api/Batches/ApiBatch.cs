using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Contracts.Api.Batches;

/// <summary>Where a batch stands. Clients take a value that they do not know for one that is not the end.</summary>
public enum BatchStep
{
    /// <summary>Its rows are checked and submitted.</summary>
    Reading,

    /// <summary>Its jobs are worked on.</summary>
    Running,

    /// <summary>Its jobs are being cancelled.</summary>
    Cancelling,

    /// <summary>Every row has succeeded.</summary>
    Succeeded,

    /// <summary>It is over, and some rows have not succeeded.</summary>
    Failed,
    Cancelled,

    /// <summary>Rows were wrong, and nothing was submitted.</summary>
    Refused,
}

/// <summary>Many jobs submitted together.</summary>
public sealed record ApiBatch
{
    public required string Id { get; init; }
    public required BatchStep State { get; init; }
    public string? Label { get; init; }
    public required RowErrorRule OnRowError { get; init; }

    /// <summary>Left out where the rows came with the request.</summary>
    public string? ManifestUpload { get; init; }

    public required ApiRowCounts Rows { get; init; }

    /// <summary>The first errors of rows; the list of rows has more. Left out in lists.</summary>
    public IReadOnlyList<ApiRowError>? Errors { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset? FinishTime { get; init; }
}

/// <summary>Rows of a batch, counted.</summary>
/// <param name="Total">In the manifest; 0 until it has been read once.</param>
/// <param name="Submitted">That have a job.</param>
/// <param name="Reused">Of these, whose job was there before.</param>
/// <param name="Invalid">With an error.</param>
public sealed record ApiRowCounts(int Total, int Submitted, int Reused, int Invalid)
{
    /// <summary>By the states of their jobs; those that are there, and in lists of batches none.</summary>
    public IReadOnlyDictionary<JobStep, int>? Jobs { get; init; }
}

/// <summary>What is wrong with a row.</summary>
/// <param name="Line">In the manifest, from 1; without one, the number of the row.</param>
/// <param name="Row">Its id, if that could be read.</param>
/// <param name="Pointer">JSON pointer into the row; empty: the row as a whole.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Detail">What to do.</param>
public sealed record ApiRowError(int Line, string? Row, string Pointer, string Code, string Detail);

public sealed record ApiBatchList(IReadOnlyList<ApiBatch> Batches, string? NextPageToken);

/// <summary>What became of a row.</summary>
public sealed record ApiBatchRow
{
    /// <summary>In the manifest, from 1; without one, the number of the row.</summary>
    public required int Line { get; init; }

    /// <summary>Left out where it could not be read.</summary>
    public string? Id { get; init; }

    /// <summary>Left out where the row is wrong.</summary>
    public string? Job { get; init; }

    /// <summary>Left out where there is no job, or none any more.</summary>
    public JobStep? State { get; init; }

    /// <summary>The job was there before.</summary>
    public bool Reused { get; init; }

    /// <summary>Of a job that failed.</summary>
    public ApiFailure? Failure { get; init; }

    /// <summary>What is wrong with the row.</summary>
    public IReadOnlyList<ApiRowError>? Errors { get; init; }
}

public sealed record ApiBatchRowList(IReadOnlyList<ApiBatchRow> Rows, string? NextPageToken);

/// <summary>What a batch would be.</summary>
/// <param name="Rows">Those given.</param>
/// <param name="Invalid">Those with an error.</param>
/// <param name="Errors">All of them, up to a thousand.</param>
public sealed record ApiBatchCheck(int Rows, int Invalid, IReadOnlyList<ApiRowError> Errors);
