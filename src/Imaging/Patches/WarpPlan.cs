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

/// <summary>Where a warped crop goes: planes that hold the region, so many floats apart, pinned by whoever made it.</summary>
internal readonly unsafe struct WarpTarget(float* planes, int pitch)
{
    public readonly float* Y = planes;
    public readonly float* Cb = planes + pitch;
    public readonly float* Cr = planes + (2 * pitch);
    public readonly float* Weight = planes + (3 * pitch);
}
