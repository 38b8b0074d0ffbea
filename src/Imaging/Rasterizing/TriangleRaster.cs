using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Rasterizing;

/// <summary>
/// Draws triangles with a depth buffer and interpolates four attributes linearly over each. Pixel centres are at whole numbers; smaller
/// depth is nearer; of two equal depths the first drawn stays. Degenerate and non-finite triangles are left out.
/// </summary>
public static partial class TriangleRaster
{
    /// <summary>Barycentric slack that closes the cracks which rounding would leave between neighbours.</summary>
    private const float Slack = 1e-4f;

    /// <summary>Twice the area in pixels under which a triangle is a line.</summary>
    private const float SmallestArea = 1e-4f;

    /// <summary>Clears the depth to <see cref="RasterTarget.Empty"/> and draws; attributes of pixels that stay empty are not written.</summary>
    /// <param name="positions">x, y, depth of each vertex, in pixels of the picture.</param>
    /// <param name="attributes">Four values of each vertex.</param>
    /// <param name="triangles">Three vertex indices each.</param>
    /// <param name="target">The planes to draw into.</param>
    public static void Fill(
        ReadOnlySpan<float> positions,
        ReadOnlySpan<float> attributes,
        ReadOnlySpan<int> triangles,
        in RasterTarget target
    )
    {
        target.ThrowIfTooShort();
        bool vector = Vector256.IsHardwareAccelerated;
        target.Depth[..(target.Width * target.Height)].Fill(RasterTarget.Empty);
        for (int i = 0; i + 2 < triangles.Length; i += 3)
        {
            ReadOnlySpan<int> corners = triangles.Slice(i, 3);
            if (
                !Setup.Reaches(positions, corners, target)
                || !Setup.TryMake(positions, attributes, corners, target, out Setup setup)
            )
            {
                continue;
            }

            if (vector)
            {
                DrawVector(setup, target);
            }
            else
            {
                DrawScalar(setup, target);
            }
        }
    }

    /// <summary>What is constant over one triangle: corner, slopes of the two barycentric weights, corner values and edge differences.</summary>
    internal readonly ref struct Setup
    {
        public int Left { get; private init; }
        public int Right { get; private init; }
        public int Top { get; private init; }
        public int Bottom { get; private init; }
        public float OriginX { get; private init; }
        public float OriginY { get; private init; }
        public float StepXb { get; private init; }
        public float StepYb { get; private init; }
        public float StepXc { get; private init; }
        public float StepYc { get; private init; }
        public Gradient Depth { get; private init; }
        public Gradient A { get; private init; }
        public Gradient B { get; private init; }
        public Gradient C { get; private init; }
        public Gradient D { get; private init; }

        /// <summary>Whether a triangle may have pixels in these rows, asked before its setup, which costs more; one that is not finite may.</summary>
        public static bool Reaches(ReadOnlySpan<float> positions, ReadOnlySpan<int> corners, in RasterTarget target)
        {
            float a = positions[(3 * corners[0]) + 1];
            float b = positions[(3 * corners[1]) + 1];
            float c = positions[(3 * corners[2]) + 1];
            float above = target.Top - 1;
            float below = target.Top + target.Height;
            return !((a <= above && b <= above && c <= above) || (a >= below && b >= below && c >= below));
        }

        public static bool TryMake(
            ReadOnlySpan<float> positions,
            ReadOnlySpan<float> attributes,
            ReadOnlySpan<int> corners,
            in RasterTarget target,
            out Setup setup
        )
        {
            ReadOnlySpan<float> a = positions.Slice(3 * corners[0], 3);
            ReadOnlySpan<float> b = positions.Slice(3 * corners[1], 3);
            ReadOnlySpan<float> c = positions.Slice(3 * corners[2], 3);
            float bx = b[0] - a[0];
            float by = b[1] - a[1];
            float cx = c[0] - a[0];
            float cy = c[1] - a[1];
            float area = (bx * cy) - (cx * by);
            setup = default;
            if (!(MathF.Abs(area) >= SmallestArea) || !float.IsFinite(area + a[0] + a[1] + a[2] + b[2] + c[2]))
            {
                return false;
            }

            float inverse = 1 / area;
            ReadOnlySpan<float> va = attributes.Slice(4 * corners[0], 4);
            ReadOnlySpan<float> vb = attributes.Slice(4 * corners[1], 4);
            ReadOnlySpan<float> vc = attributes.Slice(4 * corners[2], 4);
            setup = new Setup
            {
                Left = Floor(MathF.Min(a[0], MathF.Min(b[0], c[0])), 0, target.Width),
                Right = Ceiling(MathF.Max(a[0], MathF.Max(b[0], c[0])), 0, target.Width),
                Top = Floor(MathF.Min(a[1], MathF.Min(b[1], c[1])), target.Top, target.Height),
                Bottom = Ceiling(MathF.Max(a[1], MathF.Max(b[1], c[1])), target.Top, target.Height),
                OriginX = a[0],
                OriginY = a[1],
                StepXb = cy * inverse,
                StepYb = -cx * inverse,
                StepXc = -by * inverse,
                StepYc = bx * inverse,
                Depth = new Gradient(a[2], b[2], c[2]),
                A = new Gradient(va[0], vb[0], vc[0]),
                B = new Gradient(va[1], vb[1], vc[1]),
                C = new Gradient(va[2], vb[2], vc[2]),
                D = new Gradient(va[3], vb[3], vc[3]),
            };
            return true;
        }

        private static int Floor(float value, int first, int size) =>
            (int)Math.Clamp(MathF.Floor(value), first, first + size);

        private static int Ceiling(float value, int first, int size) =>
            (int)Math.Clamp(MathF.Ceiling(value), first - 1, first + size - 1);
    }

    /// <summary>A value at the first corner and its differences to the second and third.</summary>
    internal readonly struct Gradient(float a, float b, float c)
    {
        public float Start { get; } = a;
        public float AlongB { get; } = b - a;
        public float AlongC { get; } = c - a;

        public float At(float wb, float wc) => Start + (wb * AlongB) + (wc * AlongC);

        public Vector256<float> At(Vector256<float> wb, Vector256<float> wc) =>
            Vector256.Create(Start) + (wb * Vector256.Create(AlongB)) + (wc * Vector256.Create(AlongC));
    }
}
