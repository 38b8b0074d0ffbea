namespace FaceFusion.Batch.Imaging.Rasterizing;

/// <summary>
/// Planes that <see cref="TriangleRaster"/> draws into: depth and four interpolated attributes, row by row without gaps. Each plane has
/// at least <see cref="RequiredLength"/> values, because the last vector of the last row may be read and written back unchanged. They may be
/// a band of a picture: what is drawn into bands, one after the other, is the same as if it were drawn at once, and planes that nobody needs
/// afterwards stay in the cache.
/// </summary>
/// <param name="width">Pixels of a row.</param>
/// <param name="height">Rows of these planes.</param>
/// <param name="depth">Depth of each pixel.</param>
/// <param name="a">First attribute.</param>
/// <param name="b">Second.</param>
/// <param name="c">Third.</param>
/// <param name="d">Fourth.</param>
/// <param name="top">The row of the picture that is the first of these planes.</param>
public readonly ref struct RasterTarget(
    int width,
    int height,
    Span<float> depth,
    Span<float> a,
    Span<float> b,
    Span<float> c,
    Span<float> d,
    int top = 0
)
{
    /// <summary>Depth of a pixel that no triangle covers.</summary>
    public const float Empty = float.MaxValue;

    private const int Padding = 8;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int Top { get; } = top;

    public Span<float> Depth { get; } = depth;

    public Span<float> A { get; } = a;

    public Span<float> B { get; } = b;

    public Span<float> C { get; } = c;

    public Span<float> D { get; } = d;

    /// <summary>How many values a plane of this size needs.</summary>
    public static int RequiredLength(int width, int height) => (width * height) + Padding;

    /// <exception cref="ArgumentException">A plane is shorter than <see cref="RequiredLength"/>.</exception>
    internal void ThrowIfTooShort()
    {
        int needed = RequiredLength(Width, Height);
        if (Depth.Length < needed || A.Length < needed || B.Length < needed || C.Length < needed || D.Length < needed)
        {
            throw new ArgumentException($"A raster plane of {Width}x{Height} needs {needed} values.");
        }
    }
}
