using System.Runtime.Intrinsics.X86;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>
/// Repeated box blur with the edge repeated outward. Three passes of radius r come close to a Gaussian of sigma
/// <c>sqrt(r · (r + 1))</c> (Wells 1986).
/// </summary>
public static unsafe partial class BoxBlur
{
    /// <summary>
    /// Blurs a plane of height × width floats in place: <paramref name="passes"/> times the mean over 2·radius + 1 values along each axis.
    /// The sums run along the plane, so values carry rounding of about 1e-6 of the largest value; zeros may come back as such residue.
    /// </summary>
    /// <param name="scratch">At least width × height floats; its content is lost.</param>
    /// <exception cref="ArgumentException">A span is too short, or radius or passes is negative.</exception>
    public static void Apply(Span<float> plane, int width, int height, int radius, int passes, Span<float> scratch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentOutOfRangeException.ThrowIfNegative(passes);
        int area = width * height;
        ArgumentOutOfRangeException.ThrowIfLessThan(plane.Length, area, nameof(plane));
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch.Length, area, nameof(scratch));
        if (radius == 0 || passes == 0 || area == 0)
        {
            return;
        }

        plane = plane[..area];
        scratch = scratch[..area];

        // All passes down the columns, a transpose, all passes down the columns of that (the rows), and back. After an odd number of
        // passes the picture lies in scratch, so that each transpose finds its room in the other one.
        bool odd = (passes & 1) == 1;
        Down(plane, scratch, width, height, radius, passes);
        Span<float> first = odd ? scratch : plane;
        Span<float> second = odd ? plane : scratch;
        Transpose(first, second, width, height);
        Down(second, first, height, width, radius, passes);
        Transpose(scratch, plane, height, width);
    }

    private static void Down(Span<float> from, Span<float> to, int width, int height, int radius, int passes)
    {
        for (int pass = 0; pass < passes; pass++)
        {
            int done = 0;
            if (Lanes.Fast)
            {
                fixed (float* source = from)
                fixed (float* target = to)
                {
                    done = DownVector(source, target, width, height, radius);
                }
            }

            DownScalar(from, to, width, height, radius, done);
            Span<float> swap = from;
            from = to;
            to = swap;
        }
    }

    private static void Transpose(ReadOnlySpan<float> from, Span<float> to, int width, int height)
    {
        if (!Avx.IsSupported)
        {
            TransposeScalar(from, to, width, height);
            return;
        }

        fixed (float* source = from)
        fixed (float* target = to)
        {
            (int rows, int columns) = TransposeVector(source, target, width, height);
            for (int y = 0; y < height; y++)
            {
                for (int x = y < rows ? columns : 0; x < width; x++)
                {
                    to[(x * height) + y] = from[(y * width) + x];
                }
            }
        }
    }
}
