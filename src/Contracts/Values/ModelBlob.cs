namespace FaceFusion.Batch.Contracts.Values;

/// <summary>A model file that the fleet keeps in its blob store, for workers that lack it.</summary>
/// <param name="Id">Of the model card.</param>
/// <param name="Sha256">Lower-case hex; the worker refuses other bytes.</param>
/// <param name="Url">Reads the file.</param>
public sealed record ModelBlob(string Id, string Sha256, BlobUrl Url);
