namespace FaceFusion.Batch.Contracts.Api.Problems;

/// <summary>Why something failed that was accepted before.</summary>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Message">One sentence that says what to do.</param>
/// <param name="Retryable">Another try may help.</param>
public sealed record ApiFailure(string Code, string Message, bool Retryable);
