using FaceFusion.Batch.Contracts.Api;

namespace FaceFusion.Batch.Coordinator.Api.Problems;

/// <summary>Things by their ids. What another tenant has is as little there as what nobody has.</summary>
internal static class Found
{
    /// <exception cref="ProblemException">404: it cannot be an id of anything.</exception>
    public static Guid Id(string prefix, string text) =>
        ApiIds.TryRead(prefix, text, out Guid id) ? id : throw Nothing();

    /// <exception cref="ProblemException">404: there is none.</exception>
    public static T OrNotFound<T>(this T? thing)
        where T : class => thing ?? throw Nothing();

    private static ProblemException Nothing() => new(ProblemKind.NotFound, "Nothing of yours has this id.");
}
