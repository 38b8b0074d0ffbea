using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Redaction;

/// <summary>
/// A box in frame pixels (pixel centres at whole numbers) that is covered wholly, and a rounded rim of <paramref name="Rim"/> pixels around
/// it. Where in doubt it covers: a sample belongs to it if any part of that sample does.
/// </summary>
public readonly record struct CoverRegion(float Left, float Top, float Right, float Bottom, float Rim)
{
    /// <summary>
    /// A face box grown by <paramref name="grow"/> of its width and height to each side, with a rim of an eighth of the shorter side. A box
    /// that is not finite gives the whole frame: better too much than a face.
    /// </summary>
    public static CoverRegion Of(float x, float y, float width, float height, float grow, FrameFormat format)
    {
        float growX = width * grow;
        float growY = height * grow;
        float rim = 0.125f * Math.Min(width + (2 * growX), height + (2 * growY));
        CoverRegion region = new(x - growX, y - growY, x + width + growX, y + height + growY, Math.Max(rim, 1));
        bool finite =
            float.IsFinite(region.Left + region.Top + region.Right + region.Bottom) && width >= 0 && height >= 0;
        return finite ? region : new(0, 0, format.Width, format.Height, 1);
    }

    /// <summary>Whether some sample of the frame lies within.</summary>
    public bool Meets(FrameFormat format) =>
        Left - Rim < format.Width && Top - Rim < format.Height && Right + Rim > -1 && Bottom + Rim > -1;
}
