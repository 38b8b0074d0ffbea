namespace FaceFusion.Batch.Faces.Store;

/// <summary>What the store keeps of a file in <c>models.lock.json</c>: from then on these bytes are the model, and no others.</summary>
public sealed record ModelPin
{
    public required string File { get; init; }

    /// <summary>Lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required long ByteCount { get; init; }

    /// <summary>The catalogue gives the same SHA-256; false: it gives none, and this one is of the first bytes that were seen.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>Where the bytes came from: an address, a file's name, or <c>first use</c> of a file that somebody had put there.</summary>
    public required string From { get; init; }

    /// <summary>The licence that was shown when they came.</summary>
    public required string Licence { get; init; }
}
