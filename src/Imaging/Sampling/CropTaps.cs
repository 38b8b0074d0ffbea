namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>How a crop is read where one of its pixels spans several of the frame's.</summary>
public enum CropTaps
{
    /// <summary>The mean of k×k bilinear taps, from a step of 1.5 frame pixels on: no fine pattern turns into a false one.</summary>
    Mean,

    /// <summary>
    /// One bilinear tap at any step, as OpenCV's <c>warpAffine</c> does it whatever filter it is asked for: what the published face
    /// models saw when they were trained.
    /// </summary>
    Single,
}
