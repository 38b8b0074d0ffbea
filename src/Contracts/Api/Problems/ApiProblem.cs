namespace FaceFusion.Batch.Contracts.Api.Problems;

/// <summary>Why a request was not met (RFC 9457).</summary>
public sealed record ApiProblem
{
    public const string ContentType = "application/problem+json";

    /// <summary>A stable address of the kind of problem: <c>/problems/invalid-state</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in a few words; the same each time.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The kind for programs: <c>INVALID_STATE</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What it was this time, and what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>The same request may be met later.</summary>
    public required bool Retryable { get; init; }

    /// <summary>Finds the request in logs and traces.</summary>
    public required string TraceId { get; init; }

    /// <summary>Each wrong field of the request, where fields are wrong.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }
}

/// <param name="Pointer">JSON pointer (RFC 6901) to the field, or the name of a query parameter or header field.</param>
/// <param name="Detail">What is wrong with it.</param>
public sealed record FieldError(string Pointer, string Detail);
