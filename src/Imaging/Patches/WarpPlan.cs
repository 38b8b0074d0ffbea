using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Everything of a crop's way into the frame that does not change from pixel to pixel.</summary>
internal readonly struct WarpPlan(AffineMatrix frameToCrop, PixelRect region, int width, int height)
{
    public readonly AffineMatrix FrameToCrop = frameToCrop;

    /// <summary>The frame pixels that are asked for.</summary>
    public readonly PixelRect Region = region;

    /// <summary>Of the crop.</summary>
    public readonly int Width = width;
    public readonly int Height = height;

    /// <summary>Taps of a frame pixel in each direction.</summary>
    public readonly int Taps = Math.Clamp((int)MathF.Ceiling(frameToCrop.Scale - 0.5f), 1, 16);

    /// <summary>Where a tap lies within its pixel, seen from the pixel's centre.</summary>
    public (float X, float Y) Offset(int tap) =>
        (((tap % Taps) + 0.5f) / Taps - 0.5f, ((tap / Taps) + 0.5f) / Taps - 0.5f);
}

/// <summary>Where a warped crop goes: planes of the region's size, pinned by whoever made it.</summary>
internal readonly unsafe struct WarpTarget(float* colors, float* weight, int area)
{
    public readonly float* Y = colors;
    public readonly float* Cb = colors + area;
    public readonly float* Cr = colors + (2 * area);
    public readonly float* Weight = weight;
}
