namespace FaceFusion.Batch.Contracts.Values;

/// <summary>One identity that may be put on a person: one or more photos of the same face.</summary>
/// <param name="Name">Short name used by the recipe's map; for <c>--source</c> it is <c>source</c>.</param>
/// <param name="Photos">Where the worker reads each photo.</param>
public sealed record SourceIdentity(string Name, IReadOnlyList<SourcePhoto> Photos);

/// <summary>A photo and the SHA-256 (lower-case hex) of its bytes; the worker refuses other bytes.</summary>
public sealed record SourcePhoto(BlobUrl Url, string Sha256);
