namespace FaceFusion.Batch.Imaging.Geometry;

/// <summary>
/// A 2x3 matrix: <c>x' = A·x + B·y + C</c>, <c>y' = D·x + E·y + F</c>. Coordinates are in pixels with pixel centres at whole numbers.
/// </summary>
public readonly record struct AffineMatrix(float A, float B, float C, float D, float E, float F)
{
    public static AffineMatrix Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>Square root of the area factor: output pixels per input pixel.</summary>
    public float Scale => MathF.Sqrt(MathF.Abs((A * E) - (B * D)));

    public (float X, float Y) Apply(float x, float y) => ((A * x) + (B * y) + C, (D * x) + (E * y) + F);

    /// <summary>The matrix that does <paramref name="first"/> and then this one.</summary>
    public AffineMatrix After(in AffineMatrix first) =>
        new(
            (A * first.A) + (B * first.D),
            (A * first.B) + (B * first.E),
            (A * first.C) + (B * first.F) + C,
            (D * first.A) + (E * first.D),
            (D * first.B) + (E * first.E),
            (D * first.C) + (E * first.F) + F
        );

    /// <summary>The matrix that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">The matrix is singular.</exception>
    public AffineMatrix Invert()
    {
        float det = (A * E) - (B * D);
        if (det == 0 || !float.IsFinite(det))
        {
            throw new InvalidOperationException("A singular matrix has no inverse.");
        }

        float r = 1 / det;
        return new AffineMatrix(E * r, -B * r, ((B * F) - (C * E)) * r, -D * r, A * r, ((C * D) - (A * F)) * r);
    }

    /// <summary>
    /// Maps the pixels of a square crop of <paramref name="cropSize"/> pixels to a square of <paramref name="size"/> frame pixels around
    /// (<paramref name="centerX"/>, <paramref name="centerY"/>) turned clockwise by <paramref name="angle"/> radians.
    /// </summary>
    public static AffineMatrix CropToFrame(float centerX, float centerY, float size, float angle, int cropSize)
    {
        float scale = size / cropSize;
        float c = MathF.Cos(angle) * scale;
        float s = MathF.Sin(angle) * scale;
        float half = (cropSize - 1) * 0.5f;
        return new AffineMatrix(c, -s, centerX - (c * half) + (s * half), s, c, centerY - (s * half) - (c * half));
    }

    /// <summary>
    /// Least-squares similarity (rotation, uniform scale, shift) from points <paramref name="from"/> to <paramref name="to"/>, both
    /// interleaved x, y. Closed form of the two-dimensional Procrustes problem (Umeyama 1991, without reflection).
    /// </summary>
    public static AffineMatrix EstimateSimilarity(ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        int count = from.Length / 2;
        double mx = 0,
            my = 0,
            nx = 0,
            ny = 0;
        for (int i = 0; i < count; i++)
        {
            mx += from[2 * i];
            my += from[(2 * i) + 1];
            nx += to[2 * i];
            ny += to[(2 * i) + 1];
        }

        mx /= count;
        my /= count;
        nx /= count;
        ny /= count;
        double a = 0,
            b = 0,
            d = 0;
        for (int i = 0; i < count; i++)
        {
            double x = from[2 * i] - mx,
                y = from[(2 * i) + 1] - my;
            double u = to[2 * i] - nx,
                v = to[(2 * i) + 1] - ny;
            a += (x * u) + (y * v);
            b += (x * v) - (y * u);
            d += (x * x) + (y * y);
        }

        a /= d;
        b /= d;
        return new AffineMatrix(
            (float)a,
            (float)-b,
            (float)(nx - (a * mx) + (b * my)),
            (float)b,
            (float)a,
            (float)(ny - (b * mx) - (a * my))
        );
    }
}
