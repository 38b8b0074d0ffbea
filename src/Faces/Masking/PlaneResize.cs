using System.Numerics.Tensors;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// Changes the size of square planes bilinearly, pixel areas laid on each other, one tap of 2×2 a pixel at any scale: OpenCV's
/// <c>resize</c> as it is by default. One thread; a call allocates nothing.
/// </summary>
public sealed class PlaneResize
{
    private readonly int _from;
    private readonly int _to;
    private readonly int[] _starts;
    private readonly float[] _fractions;
    private readonly float[] _upper;
    private readonly float[] _lower;

    /// <param name="from">Edge of the planes that come in, in pixels.</param>
    /// <param name="to">Edge of those that go out.</param>
    public PlaneResize(int from, int to)
    {
        _from = from;
        _to = to;
        _starts = new int[to];
        _fractions = new float[to];
        _upper = new float[to];
        _lower = new float[to];
        double step = (double)from / to;
        for (int i = 0; i < to; i++)
        {
            double place = Math.Clamp(((i + 0.5) * step) - 0.5, 0, from - 1);
            _starts[i] = Math.Min((int)place, Math.Max(from - 2, 0));
            _fractions[i] = (float)(place - _starts[i]);
        }
    }

    /// <summary>Reads from × from values and writes to × to.</summary>
    public void Apply(ReadOnlySpan<float> plane, Span<float> into)
    {
        if (_from == _to)
        {
            plane[..(_from * _from)].CopyTo(into);
            return;
        }

        int upperRow = -1;
        int lowerRow = -1;
        for (int y = 0; y < _to; y++)
        {
            int top = _starts[y];
            int bottom = Math.Min(top + 1, _from - 1);
            if (top == lowerRow)
            {
                _lower.CopyTo(_upper, 0);
                upperRow = lowerRow;
            }

            if (top != upperRow)
            {
                Across(plane.Slice(top * _from, _from), _upper);
                upperRow = top;
            }

            if (bottom != lowerRow)
            {
                Across(plane.Slice(bottom * _from, _from), _lower);
                lowerRow = bottom;
            }

            TensorPrimitives.Lerp(_upper, _lower, _fractions[y], into.Slice(y * _to, _to));
        }
    }

    private void Across(ReadOnlySpan<float> row, float[] into)
    {
        for (int x = 0; x < into.Length; x++)
        {
            int left = _starts[x];
            float a = row[left];
            into[x] = a + (_fractions[x] * (row[Math.Min(left + 1, row.Length - 1)] - a));
        }
    }
}
