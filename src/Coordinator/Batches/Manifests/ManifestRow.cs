using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

/// <summary>A row as it can be understood by itself.</summary>
/// <param name="Line">In the manifest, from 1.</param>
/// <param name="Key">Its id; null where it could not be read.</param>
/// <param name="Job">What it asks for; null: it cannot be told.</param>
/// <param name="Faults">What is wrong with it.</param>
internal sealed record ManifestRow(int Line, string? Key, BatchJob? Job, IReadOnlyList<RowFault> Faults);

/// <summary>Codes of what can be wrong with rows.</summary>
internal static class RowFaults
{
    public const string Malformed = "row-malformed";
    public const string TooLong = "row-too-long";
    public const string Value = "row-value";
    public const string Part = "row-part";
    public const string IdMissing = "row-id-missing";
    public const string IdRepeated = "row-id-repeated";
    public const string IdReused = "row-id-reused";
    public const string Heading = "manifest-heading";
    public const string Empty = "manifest-empty";
    public const string TooMany = "manifest-too-many";
    public const string Missing = "manifest-missing";
    public const string Encoding = "manifest-encoding";
}

/// <summary>A manifest is of no use as a whole.</summary>
/// <param name="line">Where that is seen.</param>
/// <param name="faults">All that is seen there.</param>
internal sealed class ManifestException(int line, params IReadOnlyList<RowFault> faults)
    : Exception("The manifest cannot be used.")
{
    public int Line => line;

    public IReadOnlyList<RowFault> Faults => faults;
}
