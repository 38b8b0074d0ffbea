namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>
/// Broadcast to the workers: the named one finishes what it works on and takes nothing more, or takes work again. A lost one is
/// sent again when the worker next says how it sees itself.
/// </summary>
/// <param name="WorkerId">Who is meant.</param>
/// <param name="IsDraining">False: it takes work again.</param>
public sealed record DrainWorker(string WorkerId, bool IsDraining);
