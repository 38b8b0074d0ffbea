namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

/// <summary>A row as it stands in a manifest.</summary>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Bytes">Without the break behind it; good until the next one is read.</param>
/// <param name="IsWhole">False: it is longer than a row may be, and the rest was passed over.</param>
public readonly record struct ManifestRecord(int Line, ReadOnlyMemory<byte> Bytes, bool IsWhole);
