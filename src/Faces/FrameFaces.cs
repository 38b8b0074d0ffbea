namespace FaceFusion.Batch.Faces;

/// <summary>The faces of one frame, from left to right. Pooled: give it back with <c>ChunkAnalysis.Recycle</c>.</summary>
public sealed class FrameFaces
{
    /// <summary>Absolute frame number.</summary>
    public int Number { get; set; }

    public List<TrackedFace> Faces { get; } = [];
}
