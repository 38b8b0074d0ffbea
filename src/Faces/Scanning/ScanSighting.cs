using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>One face in one scanned frame.</summary>
public sealed record ScanSighting
{
    public required int Frame { get; init; }

    /// <summary>Where the face is, in pixels of the unrotated frame.</summary>
    public FaceBox Box { get; init; }

    /// <summary>What a classifier takes it for; null: none was asked.</summary>
    public FaceAttributes? Attributes { get; init; }

    /// <summary>Unit length, 192 values.</summary>
    public required float[] Embedding { get; init; }

    /// <summary>Share of the picture's height, 0 to 1.</summary>
    public required float Size { get; init; }

    /// <summary>How well the face can be recognised: grows with size, sharpness and how frontal it is; 0 to 1.</summary>
    public required float Quality { get; init; }

    /// <summary>Upright picture of the face, <see cref="FaceTile.Size"/> squared RGB; null if a better one of the same person exists.</summary>
    public byte[]? Tile { get; set; }
}
