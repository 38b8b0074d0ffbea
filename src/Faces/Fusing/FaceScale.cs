namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Sizes of a face measured on its mesh.</summary>
internal static class FaceScale
{
    private const int RightSide = 234;
    private const int LeftSide = 454;

    /// <summary>Distance between the sides of the face in three dimensions, so that turning the head does not shrink it; in pixels.</summary>
    public static float Width(ReadOnlySpan<float> landmarks)
    {
        float x = landmarks[3 * LeftSide] - landmarks[3 * RightSide];
        float y = landmarks[(3 * LeftSide) + 1] - landmarks[(3 * RightSide) + 1];
        float z = landmarks[(3 * LeftSide) + 2] - landmarks[(3 * RightSide) + 2];
        return MathF.Sqrt((x * x) + (y * y) + (z * z));
    }
}
