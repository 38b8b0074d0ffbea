namespace FaceFusion.Batch.Imaging.Drawing;

/// <summary>An 8 bit RGB picture to draw on: contact sheets and reports. Everything is clipped to it.</summary>
public sealed class RgbCanvas
{
    private readonly byte[] _pixels;

    /// <summary>A black picture.</summary>
    public RgbCanvas(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
        _pixels = new byte[checked(3 * width * height)];
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Height × width × (R, G, B).</summary>
    public Span<byte> Pixels => _pixels;

    public void Fill(int x, int y, int width, int height, CanvasColor color) =>
        Shapes.Fill(Pen(color), x, y, width, height);

    public void Box(int x, int y, int width, int height, CanvasColor color, int thickness = 1) =>
        Shapes.Box(Pen(color), x, y, width, height, thickness);

    public void Line(float x0, float y0, float x1, float y1, CanvasColor color, int thickness = 1) =>
        Shapes.Line(Pen(color), x0, y0, x1, y1, thickness);

    public void Dot(float x, float y, float radius, CanvasColor color) => Shapes.Dot(Pen(color), x, y, radius);

    /// <summary>Text in the <see cref="Font"/>, its top left pixel at (x, y).</summary>
    public void Text(int x, int y, ReadOnlySpan<char> text, CanvasColor color, int scale = 1) =>
        Shapes.Text(Pen(color), x, y, text, scale);

    /// <summary>Copies a picture of height × width × (R, G, B) with its top left pixel at (x, y).</summary>
    public void Put(int x, int y, ReadOnlySpan<byte> rgb24, int width, int height)
    {
        int first = Math.Max(0, -x);
        int count = Math.Min(width, Width - x) - first;
        for (int row = Math.Max(0, -y); row < Math.Min(height, Height - y) && count > 0; row++)
        {
            rgb24
                .Slice(3 * ((row * width) + first), 3 * count)
                .CopyTo(_pixels.AsSpan(3 * (((y + row) * Width) + x + first)));
        }
    }

    /// <summary>As <see cref="Put"/>, from planar floats 0..255 (3 × height × width), as a crop sampled with scale 1 and offset 0.</summary>
    public void PutPlanar(int x, int y, ReadOnlySpan<float> rgb, int width, int height)
    {
        int plane = width * height;
        for (int row = Math.Max(0, -y); row < Math.Min(height, Height - y); row++)
        {
            for (int column = Math.Max(0, -x); column < Math.Min(width, Width - x); column++)
            {
                int from = (row * width) + column;
                Span<byte> to = _pixels.AsSpan(3 * (((y + row) * Width) + x + column), 3);
                to[0] = (byte)(Math.Clamp(rgb[from], 0, 255) + 0.5f);
                to[1] = (byte)(Math.Clamp(rgb[plane + from], 0, 255) + 0.5f);
                to[2] = (byte)(Math.Clamp(rgb[(2 * plane) + from], 0, 255) + 0.5f);
            }
        }
    }

    private RgbPen Pen(CanvasColor color) => new(this, color);

    private readonly struct RgbPen(RgbCanvas canvas, CanvasColor color) : ICanvas
    {
        public int Width => canvas.Width;
        public int Height => canvas.Height;

        public void Set(int x, int y)
        {
            Span<byte> to = canvas._pixels.AsSpan(3 * ((y * canvas.Width) + x), 3);
            to[0] = color.R;
            to[1] = color.G;
            to[2] = color.B;
        }
    }
}
