namespace FaceFusion.Batch.Faces.Expression;

/// <summary>What LivePortrait's motion extractor tells of a face: how the head stands, and how its key points differ from a calm face.</summary>
internal sealed class HeadMotion
{
    /// <summary>Key points of a face.</summary>
    public const int Points = 21;

    /// <summary>Numbers of all key points: x, y, z of each.</summary>
    public const int Values = 3 * Points;

    /// <summary>Degrees about the x axis.</summary>
    public float Pitch { get; set; }

    /// <summary>Degrees about the y axis.</summary>
    public float Yaw { get; set; }

    /// <summary>Degrees about the z axis.</summary>
    public float Roll { get; set; }

    public float Scale { get; set; }

    /// <summary>x, y, z.</summary>
    public float[] Translation { get; } = new float[3];

    /// <summary>x, y, z by which each key point is moved.</summary>
    public float[] Expression { get; } = new float[Values];

    /// <summary>x, y, z of each key point of the calm face, not turned.</summary>
    public float[] Calm { get; } = new float[Values];
}
