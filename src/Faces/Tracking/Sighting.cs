using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>What one frame alone tells of one face, and its neighbours in time. Pooled.</summary>
internal sealed class Sighting
{
    /// <summary>Below this the mesh follows no face.</summary>
    public const float MinMeshScore = 0.5f;

    public FaceBox Box { get; set; }

    /// <summary>Kept from one end of a detector gap, not seen in this frame.</summary>
    public bool Held { get; set; }

    public bool HasMesh { get; set; }

    public float MeshScore { get; set; }

    public float[] Landmarks { get; } = new float[TrackedFace.LandmarkCount * 3];

    /// <summary>Skin colour of this frame; meaningful where <see cref="Follows"/>.</summary>
    public FaceColor Color { get; set; }

    public bool HasEmbedding { get; set; }

    public float[] Embedding { get; } = new float[FaceEmbedder.Length];

    /// <summary>The same face one frame earlier; null: it is new here.</summary>
    public Sighting? Previous { get; set; }

    /// <summary>The same face one frame later; null: it ends here, or the next frame is not linked yet.</summary>
    public Sighting? Next { get; set; }

    /// <summary>The mesh was fitted and lies on a face.</summary>
    public bool Follows => HasMesh && MeshScore >= MinMeshScore;

    public void Clear()
    {
        Box = default;
        Held = false;
        HasMesh = false;
        MeshScore = 0;
        Color = default;
        HasEmbedding = false;
        Previous = null;
        Next = null;
    }
}
