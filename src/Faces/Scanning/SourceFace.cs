using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>The one face of a source photo: the picture around it, its mesh and its identity.</summary>
public sealed class SourceFace
{
    /// <summary>Name of the identity that the photo belongs to.</summary>
    public required string Identity { get; init; }

    /// <summary>What to call the photo in a message.</summary>
    public required string Photo { get; init; }

    /// <summary>Size of the crop around the face in pixels; at most 1024.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>The crop, upright as the photo is: planar R, G, B, each 0 to 255, full range BT.601.</summary>
    public required float[] Rgb { get; init; }

    /// <summary>Mesh as in <see cref="TrackedFace.Landmarks"/>, in pixels of the crop.</summary>
    public required float[] Landmarks { get; init; }

    /// <summary>Unit-length embedding, 192 values.</summary>
    public required float[] Embedding { get; init; }

    /// <summary>Degrees, as in <see cref="TrackedFace.Yaw"/>.</summary>
    public required float Yaw { get; init; }

    public required float Pitch { get; init; }

    /// <summary>What a classifier takes it for; null: none was asked.</summary>
    public FaceAttributes? Attributes { get; init; }

    /// <summary>One sentence where the photo is usable but poor (turned away, small); else null.</summary>
    public string? Warning { get; init; }
}
