namespace FaceFusion.Batch.Contracts.Api.Outputs;

/// <summary>What an output is.</summary>
public enum OutputFor
{
    /// <summary>The target with the recipe applied.</summary>
    Result,

    /// <summary>What was done and measured, for programs.</summary>
    ReportJson,

    /// <summary>The same as one page for people.</summary>
    ReportHtml,

    /// <summary>The people found, one picture of each.</summary>
    ContactSheet,
}

/// <summary>A file that a job has made.</summary>
public sealed record ApiOutput
{
    /// <summary>Its name among the job's outputs: the last part of its address.</summary>
    public required string Name { get; init; }
    public required OutputFor Kind { get; init; }

    /// <summary>What to call it on a disk: no path in it, and nothing that a file system or a terminal would act upon.</summary>
    public required string FileName { get; init; }

    public required string ContentType { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Where it is known: always of the result.</summary>
    public string? Sha256 { get; init; }
}

public sealed record ApiOutputList(IReadOnlyList<ApiOutput> Outputs);
