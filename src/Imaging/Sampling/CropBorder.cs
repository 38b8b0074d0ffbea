namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>What a crop shows where it reaches beyond the frame.</summary>
public enum CropBorder
{
    /// <summary>Black, blended over the one pixel across the edge.</summary>
    Black,

    /// <summary>The nearest sample of the frame's edge, as OpenCV's <c>BORDER_REPLICATE</c>.</summary>
    Replicate,
}
