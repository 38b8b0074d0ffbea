namespace FaceFusion.Batch.Faces;

/// <summary>
/// Skin colour of a face in the frame's own YUV at full range: Y 0 to 255, Cb and Cr -128 to 127; mean and standard deviation over the
/// skin points of the mesh.
/// </summary>
public readonly record struct FaceColor(
    float MeanY,
    float MeanCb,
    float MeanCr,
    float DeviationY,
    float DeviationCb,
    float DeviationCr
);
