using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// Blurs square planes with a Gaussian, mirrored at the edges (see <see cref="GaussianKernel"/>). Rows, then columns; both are sums of
/// the same kind, of lines that lie at given distances. One thread; a call allocates nothing.
/// </summary>
public sealed partial class GaussianBlur
{
    private const int Stripe = 128;

    private readonly int _size;
    private readonly int _radius;
    private readonly float[] _half;
    private readonly float[] _across;
    private readonly float[] _padded;
    private readonly int[] _columns;

    /// <summary>Where each row begins, from as many on as the kernel reaches before the first.</summary>
    private readonly int[] _rows;

    /// <param name="size">Edge of the planes in pixels.</param>
    /// <param name="sigma">Standard deviation in pixels, above 0.</param>
    public GaussianBlur(int size, float sigma)
    {
        float[] kernel = GaussianKernel.Of(sigma);
        _size = size;
        _radius = kernel.Length / 2;
        _half = kernel[_radius..];
        _across = new float[size * size];
        _padded = new float[size + (2 * _radius)];
        _columns = [.. Enumerable.Range(0, kernel.Length)];
        _rows =
        [
            .. Enumerable.Range(-_radius, size + (2 * _radius)).Select(y => GaussianKernel.Reflect(y, size) * size),
        ];
    }

    /// <summary>Blurs a plane of size × size in place.</summary>
    public void Apply(Span<float> plane)
    {
        for (int y = 0; y < _size; y++)
        {
            Pad(plane.Slice(y * _size, _size));
            Sum(_padded, _columns, _half, _across.AsSpan(y * _size, _size));
        }

        // Down in stripes so narrow that all rows of a kernel stay in the first cache from one row to the next.
        for (int x = 0; x < _size; x += Stripe)
        {
            int width = Math.Min(Stripe, _size - x);
            for (int y = 0; y < _size; y++)
            {
                Sum(_across.AsSpan(x), _rows.AsSpan(y, _columns.Length), _half, plane.Slice((y * _size) + x, width));
            }
        }
    }

    private static void Sum(
        ReadOnlySpan<float> from,
        ReadOnlySpan<int> lines,
        ReadOnlySpan<float> half,
        Span<float> into
    )
    {
        int done = Vector128.IsHardwareAccelerated ? SumVector(from, lines, half, into) : 0;
        SumScalar(from, lines, half, into, done);
    }

    private void Pad(ReadOnlySpan<float> row)
    {
        row.CopyTo(_padded.AsSpan(_radius));
        for (int i = 1; i <= _radius; i++)
        {
            _padded[_radius - i] = row[GaussianKernel.Reflect(-i, _size)];
            _padded[_radius + _size - 1 + i] = row[GaussianKernel.Reflect(_size - 1 + i, _size)];
        }
    }
}
