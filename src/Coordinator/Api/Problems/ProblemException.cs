using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Coordinator.Api.Problems;

/// <summary>A request is not met; the outermost of the API answers with the problem.</summary>
/// <param name="kind">What is wrong.</param>
/// <param name="detail">What it was this time, and what to do. No secret, no address, nothing of another tenant.</param>
public sealed class ProblemException(ProblemKind kind, string detail) : Exception(detail)
{
    public ProblemKind Kind { get; } = kind;

    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>When the request is worth another try, in seconds.</summary>
    public int? RetryAfter { get; init; }
}
