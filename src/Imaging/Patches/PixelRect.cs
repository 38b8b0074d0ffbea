namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>A rectangle of whole pixels: columns X to X + Width − 1, rows Y to Y + Height − 1. May lie outside a frame.</summary>
public readonly record struct PixelRect(int X, int Y, int Width, int Height)
{
    /// <summary>First column to the right of the rectangle.</summary>
    public int Right => X + Width;

    /// <summary>First row below the rectangle.</summary>
    public int Bottom => Y + Height;

    /// <summary>Number of pixels.</summary>
    public int Area => Width * Height;

    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>The part inside a frame of that size; empty at (0, 0) where there is none.</summary>
    public PixelRect Clip(int frameWidth, int frameHeight)
    {
        int left = Math.Max(X, 0);
        int top = Math.Max(Y, 0);
        int right = (int)Math.Min((long)X + Width, frameWidth);
        int bottom = (int)Math.Min((long)Y + Height, frameHeight);
        return right > left && bottom > top ? new(left, top, right - left, bottom - top) : default;
    }

    /// <summary>
    /// The smallest rectangle that holds every pixel touched by left..right, top..bottom (pixel centres at whole numbers), clipped to
    /// the frame; empty where a bound is not a number.
    /// </summary>
    public static PixelRect Around(float left, float top, float right, float bottom, int frameWidth, int frameHeight)
    {
        if (!(left <= right) || !(top <= bottom))
        {
            return default;
        }

        int x = (int)Math.Clamp(MathF.Floor(left), -1, frameWidth);
        int y = (int)Math.Clamp(MathF.Floor(top), -1, frameHeight);
        int x1 = (int)Math.Clamp(MathF.Ceiling(right), -1, frameWidth);
        int y1 = (int)Math.Clamp(MathF.Ceiling(bottom), -1, frameHeight);
        return new PixelRect(x, y, x1 - x + 1, y1 - y + 1).Clip(frameWidth, frameHeight);
    }
}
