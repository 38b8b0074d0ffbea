using FaceFusion.Batch.Contracts.Api.Batches;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Where a batch stands.</summary>
public enum BatchState
{
    /// <summary>Owed: to check its rows and to enter their jobs.</summary>
    Reading,

    /// <summary>Its jobs are entered; it is over when they are.</summary>
    Running,

    /// <summary>Owed: to cancel its jobs.</summary>
    Cancelling,

    /// <summary>Owed: to take up its failed jobs again.</summary>
    Retrying,
    Succeeded,
    Failed,
    Cancelled,
    Refused,
}

/// <summary>Many jobs submitted together. Like a job's, its row is the truth and a message about it a hint.</summary>
public sealed class BatchRow
{
    /// <summary>States in which some Coordinator has something to do for it, under a lease of the row.</summary>
    public static IReadOnlyList<BatchState> Owing { get; } =
    [BatchState.Reading, BatchState.Cancelling, BatchState.Retrying];

    public static IReadOnlyList<BatchState> Over { get; } =
    [BatchState.Succeeded, BatchState.Failed, BatchState.Cancelled, BatchState.Refused];

    public Guid Id { get; set; }
    public required string TenantId { get; set; }
    public BatchState State { get; set; }

    /// <summary>Fencing token of the work in hand.</summary>
    public int Attempt { get; set; }

    /// <summary>When the work in hand is taken for lost; null: nobody has begun.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The user's name for it.</summary>
    public string? Label { get; set; }

    public RowErrorRule OnRowError { get; set; }

    /// <summary>What holds for every row that does not say otherwise.</summary>
    public required JobDefaults Defaults { get; set; }

    /// <summary>The upload that the rows came by; null: they came with the request, and were stored as lines of JSON.</summary>
    public Guid? ManifestUploadId { get; set; }

    public required string ManifestSha256 { get; set; }

    /// <summary>All rows are checked, and those that are good may be entered.</summary>
    public bool IsChecked { get; set; }

    /// <summary>Rows up to this line are entered.</summary>
    public int LinesEntered { get; set; }

    /// <summary>Rows of the manifest; 0 until they are checked.</summary>
    public int Rows { get; set; }

    /// <summary>Rows that have a job.</summary>
    public int Submitted { get; set; }

    /// <summary>Of these, whose job was there before.</summary>
    public int Reused { get; set; }

    public int Invalid { get; set; }

    /// <summary>It was cancelled, and not taken up again since.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Why, in the user's words.</summary>
    public string? CancelReason { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>What became of one row of a batch; the key is batch and line.</summary>
public sealed class BatchEntryRow
{
    public Guid BatchId { get; set; }

    /// <summary>In the manifest, from 1.</summary>
    public int Line { get; set; }

    /// <summary>The row's id; null where it could not be read.</summary>
    public string? Key { get; set; }

    /// <summary>Null: the row is wrong. The job may have been deleted since.</summary>
    public Guid? JobId { get; set; }

    /// <summary>The job was there before.</summary>
    public bool IsReused { get; set; }

    public IReadOnlyList<RowFault> Faults { get; set; } = [];
}

/// <summary>Something wrong with a row.</summary>
/// <param name="Pointer">JSON pointer into the row; empty: the row as a whole.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Detail">What to do.</param>
public sealed record RowFault(string Pointer, string Code, string Detail);
