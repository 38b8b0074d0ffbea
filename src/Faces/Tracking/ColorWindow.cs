namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>A face's skin colour over a window of time, so that the fused face does not flicker with the measurement.</summary>
internal static class ColorWindow
{
    /// <summary>Plain mean over the frames up to <paramref name="radius"/> away along the chain, while the mesh lies on the face.</summary>
    public static FaceColor Mean(Sighting face, int radius)
    {
        Sighting first = face;
        int before = 0;
        for (; before < radius && first.Previous is { Follows: true } previous; before++)
        {
            first = previous;
        }

        FaceColor sum = default;
        int count = 0;
        Sighting? at = first;
        for (; count <= before + radius && at is { Follows: true }; count++, at = at.Next)
        {
            sum = Add(sum, at.Color);
        }

        return Scale(sum, 1f / count);
    }

    private static FaceColor Add(in FaceColor a, in FaceColor b) =>
        new(
            a.MeanY + b.MeanY,
            a.MeanCb + b.MeanCb,
            a.MeanCr + b.MeanCr,
            a.DeviationY + b.DeviationY,
            a.DeviationCb + b.DeviationCb,
            a.DeviationCr + b.DeviationCr
        );

    private static FaceColor Scale(in FaceColor a, float factor) =>
        new(
            a.MeanY * factor,
            a.MeanCb * factor,
            a.MeanCr * factor,
            a.DeviationY * factor,
            a.DeviationCb * factor,
            a.DeviationCr * factor
        );
}
