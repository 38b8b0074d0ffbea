using System.Numerics.Tensors;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// Blurs square planes with a Gaussian, mirrored at the edges (see <see cref="GaussianKernel"/>). Rows, then columns; each tap is one
/// vectorised pass over a row that stays in the first cache. One thread; a call allocates nothing.
/// </summary>
public sealed class GaussianBlur
{
    private readonly int _size;
    private readonly int _radius;
    private readonly float[] _half;
    private readonly float[] _across;
    private readonly float[] _padded;
    private readonly float[] _pair;

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
        _pair = new float[size];
    }

    /// <summary>Blurs a plane of size × size in place.</summary>
    public void Apply(Span<float> plane)
    {
        for (int y = 0; y < _size; y++)
        {
            BlurRow(plane.Slice(y * _size, _size), _across.AsSpan(y * _size, _size));
        }

        for (int y = 0; y < _size; y++)
        {
            Span<float> into = plane.Slice(y * _size, _size);
            TensorPrimitives.Multiply(Row(y), _half[0], into);
            for (int tap = 1; tap <= _radius; tap++)
            {
                TensorPrimitives.Add(Row(y - tap), Row(y + tap), _pair);
                TensorPrimitives.MultiplyAdd(_pair, _half[tap], into, into);
            }
        }
    }

    private void BlurRow(ReadOnlySpan<float> row, Span<float> into)
    {
        row.CopyTo(_padded.AsSpan(_radius));
        for (int i = 1; i <= _radius; i++)
        {
            _padded[_radius - i] = row[GaussianKernel.Reflect(-i, _size)];
            _padded[_radius + _size - 1 + i] = row[GaussianKernel.Reflect(_size - 1 + i, _size)];
        }

        TensorPrimitives.Multiply(row, _half[0], into);
        for (int tap = 1; tap <= _radius; tap++)
        {
            TensorPrimitives.Add(_padded.AsSpan(_radius - tap, _size), _padded.AsSpan(_radius + tap, _size), _pair);
            TensorPrimitives.MultiplyAdd(_pair, _half[tap], into, into);
        }
    }

    private ReadOnlySpan<float> Row(int y) => _across.AsSpan(GaussianKernel.Reflect(y, _size) * _size, _size);
}
