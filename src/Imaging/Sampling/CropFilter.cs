namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>What a crop pixel is made of where it spans several frame pixels.</summary>
public enum CropFilter
{
    /// <summary>The mean of k×k bilinear taps: nothing flickers.</summary>
    Mean,

    /// <summary>
    /// One bilinear tap at the pixel's centre, however many frame pixels it spans: what OpenCV's <c>resize</c> and <c>warpAffine</c> do by
    /// default, and so what models saw that were trained or published with them.
    /// </summary>
    Bilinear,
}
