using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces;

/// <summary>One face of one frame with everything that the processors need. Pooled: valid until its frame's faces are recycled.</summary>
public sealed class TrackedFace
{
    /// <summary>Points of the dense mesh: 468 of the face, then 5 of the right and 5 of the left iris.</summary>
    public const int LandmarkCount = 478;

    private readonly float[] _embedding = new float[FaceEmbedder.Length];

    /// <summary>Where the face is, in pixels of the unrotated frame.</summary>
    public FaceBox Box { get; set; }

    /// <summary>
    /// Smoothed mesh: x, y, z for each of the <see cref="LandmarkCount"/> points in pixels of the unrotated frame; z grows away from the
    /// camera, irises have the z of their eye. Meaningless where <see cref="HasLandmarks"/> is false.
    /// </summary>
    public float[] Landmarks { get; } = new float[LandmarkCount * 3];

    /// <summary>
    /// x, y of the five points that a landmarker gave, as <see cref="Alignment.FacePoints"/> orders them, in pixels of the unrotated frame;
    /// null: they are derived from the mesh.
    /// </summary>
    public float[]? Points { get; set; }

    /// <summary>
    /// x, y of the 68 points that a landmarker gave, as <see cref="FaceFusion.Batch.Faces.Landmarks.OutlinePoints"/> orders them, in pixels of the unrotated frame;
    /// null: they are derived from the mesh.
    /// </summary>
    public float[]? Outline { get; set; }

    /// <summary>False where only boxes were asked for, or the face was placed between two sightings.</summary>
    public bool HasLandmarks { get; set; }

    /// <summary>Mesh score 0 to 1 where there is a mesh, else the detector's.</summary>
    public float Score { get; set; }

    /// <summary>Number of the scan's person; 0: nobody of the scan.</summary>
    public int Person { get; set; }

    /// <summary>The person's number, or 101, 102 … from the left for faces that are nobody of the scan; for display only.</summary>
    public int TrackId { get; set; }

    /// <summary>Degrees the head is turned about the vertical axis; 0 frontal, positive to the person's left.</summary>
    public float Yaw { get; set; }

    /// <summary>Degrees the head is tilted up (positive) or down.</summary>
    public float Pitch { get; set; }

    /// <summary>Skin colour averaged over the colour window.</summary>
    public FaceColor Color { get; set; }

    /// <summary>The box covers a gap between two sightings; the face was not seen in this frame.</summary>
    public bool Interpolated { get; set; }

    /// <summary>Unit-length embedding of this frame's face (192 values) at frames where embeddings are taken; else null.</summary>
    public float[]? Embedding { get; set; }

    /// <summary>Copies an embedding into this face's own storage.</summary>
    internal float[] KeepEmbedding(ReadOnlySpan<float> values)
    {
        values.CopyTo(_embedding);
        return _embedding;
    }
}
