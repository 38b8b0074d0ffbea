namespace FaceFusion.Batch.Imaging.Drawing;

/// <summary>Lines, boxes, dots and text, clipped to the picture. Written once, specialised by the compiler for each canvas.</summary>
internal static class Shapes
{
    public static void Fill<TCanvas>(in TCanvas canvas, int left, int top, int width, int height)
        where TCanvas : struct, ICanvas
    {
        int right = (int)Math.Min((long)left + width, canvas.Width);
        int bottom = (int)Math.Min((long)top + height, canvas.Height);
        for (int y = Math.Max(top, 0); y < bottom; y++)
        {
            for (int x = Math.Max(left, 0); x < right; x++)
            {
                canvas.Set(x, y);
            }
        }
    }

    /// <summary>The outline, <paramref name="thickness"/> pixels inward.</summary>
    public static void Box<TCanvas>(in TCanvas canvas, int left, int top, int width, int height, int thickness)
        where TCanvas : struct, ICanvas
    {
        Fill(canvas, left, top, width, thickness);
        Fill(canvas, left, top + height - thickness, width, thickness);
        Fill(canvas, left, top + thickness, thickness, height - (2 * thickness));
        Fill(canvas, left + width - thickness, top + thickness, thickness, height - (2 * thickness));
    }

    public static void Dot<TCanvas>(in TCanvas canvas, float centerX, float centerY, float radius)
        where TCanvas : struct, ICanvas
    {
        if (!Near(canvas, centerX, centerY) || !(radius >= 0))
        {
            return;
        }

        int left = Math.Max((int)MathF.Ceiling(centerX - radius - 0.5f), 0);
        int right = Math.Min((int)MathF.Floor(centerX + radius + 0.5f), canvas.Width - 1);
        int top = Math.Max((int)MathF.Ceiling(centerY - radius - 0.5f), 0);
        int bottom = Math.Min((int)MathF.Floor(centerY + radius + 0.5f), canvas.Height - 1);
        float reach = (radius + 0.25f) * (radius + 0.25f);
        int nearX = (int)MathF.Round(centerX);
        int nearY = (int)MathF.Round(centerY);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                float dx = x - centerX;
                float dy = y - centerY;
                if ((dx * dx) + (dy * dy) <= reach || (x == nearX && y == nearY))
                {
                    canvas.Set(x, y);
                }
            }
        }
    }

    public static void Line<TCanvas>(in TCanvas canvas, float x0, float y0, float x1, float y1, int thickness)
        where TCanvas : struct, ICanvas
    {
        if (!Near(canvas, x0, y0) || !Near(canvas, x1, y1))
        {
            return;
        }

        int steps = (int)MathF.Ceiling(Math.Max(MathF.Abs(x1 - x0), MathF.Abs(y1 - y0)));
        for (int i = 0; i <= steps; i++)
        {
            float t = steps == 0 ? 0 : (float)i / steps;
            int x = (int)MathF.Round(x0 + (t * (x1 - x0)));
            int y = (int)MathF.Round(y0 + (t * (y1 - y0)));
            Fill(canvas, x - (thickness / 2), y - (thickness / 2), thickness, thickness);
        }
    }

    /// <summary>Text whose top left pixel is (x, y); each of a glyph's 5×7 pixels is a square of <paramref name="scale"/>.</summary>
    public static void Text<TCanvas>(in TCanvas canvas, int x, int y, ReadOnlySpan<char> text, int scale)
        where TCanvas : struct, ICanvas
    {
        foreach (char letter in text)
        {
            ReadOnlySpan<byte> glyph = Font.Glyph(letter);
            for (int row = 0; row < Font.Height; row++)
            {
                for (int column = 0; column < Font.Width; column++)
                {
                    if ((glyph[row] >> (Font.Width - 1 - column) & 1) == 1)
                    {
                        Fill(canvas, x + (column * scale), y + (row * scale), scale, scale);
                    }
                }
            }

            x += Font.Advance * scale;
        }
    }

    /// <summary>Finite and not absurdly far outside, so that stepping to it ends soon and fits in whole numbers.</summary>
    private static bool Near<TCanvas>(in TCanvas canvas, float x, float y)
        where TCanvas : struct, ICanvas =>
        MathF.Abs(x) <= 4f * (canvas.Width + 1000) && MathF.Abs(y) <= 4f * (canvas.Height + 1000);
}
