namespace FaceFusion.Batch.Contracts.Values;

/// <summary>A sidecar that already exists: the faces of these frames of the target, found with the same analysis settings and models.</summary>
public sealed record SidecarRef(FrameRange Range, BlobUrl Url);
