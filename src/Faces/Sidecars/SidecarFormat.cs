namespace FaceFusion.Batch.Faces.Sidecars;

/// <summary>
/// A sidecar is a Brotli stream of whole numbers as zigzag variable-length integers: a header (magic, version, key, frame range, frame
/// size), then each frame of the range: cut flag, number of faces, and each face's values in the steps of <see cref="Quantise"/>.
/// Mesh points are differences from the face written before, which in a video is nearly always the same face a frame earlier.
/// </summary>
internal static class SidecarFormat
{
    public const int Magic = 0x46464253;
    public const int Version = 1;

    public const int Held = 1;
    public const int Mesh = 2;
    public const int Embedding = 4;
}
