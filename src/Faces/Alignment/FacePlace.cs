using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Alignment;

/// <summary>Where a template lies on a face that was found.</summary>
internal static class FacePlace
{
    /// <param name="size">Edge of the crop in pixels.</param>
    /// <param name="cropToFrame">From pixels of the crop to pixels of the frame.</param>
    /// <returns>False where the face has no points, or none that a crop can be laid on.</returns>
    public static bool TryFind(TrackedFace face, FaceTemplate template, int size, out AffineMatrix cropToFrame)
    {
        Span<float> points = stackalloc float[FacePoints.Length];
        cropToFrame = default;
        return FacePoints.TryRead(face, points) && template.TryCropToFrame(points, size, out cropToFrame);
    }
}
