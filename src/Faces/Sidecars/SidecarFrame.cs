using FaceFusion.Batch.Faces.Tracking;

namespace FaceFusion.Batch.Faces.Sidecars;

/// <summary>What a sidecar holds of one frame.</summary>
internal sealed record SidecarFrame(bool IsCut, SidecarFace[] Faces);

/// <summary>What a sidecar holds of one face.</summary>
internal sealed class SidecarFace
{
    public required FaceBox Box { get; init; }

    public required bool Held { get; init; }

    public float MeshScore { get; set; }

    public FaceColor Color { get; set; }

    public float[]? Landmarks { get; set; }

    public float[]? Embedding { get; set; }

    public void CopyTo(Sighting sighting)
    {
        sighting.Box = Box;
        sighting.Held = Held;
        sighting.HasMesh = Landmarks is not null;
        sighting.MeshScore = MeshScore;
        sighting.Color = Color;
        sighting.HasEmbedding = Embedding is not null;
        Landmarks?.CopyTo(sighting.Landmarks.AsSpan());
        Embedding?.CopyTo(sighting.Embedding.AsSpan());
    }
}
