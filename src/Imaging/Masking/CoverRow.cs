using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Masking;

/// <summary>
/// How much of each pixel of one row lies inside an outline, exactly. Each piece of the outline notes, in the pixels that it passes and the
/// one behind them, by how much the cover changes there; the sum from the left is the cover. Only passed pixels are looked at one by one,
/// because between them the cover stays as it is. (Signed areas, as font rasterisers add them up.) Pixel x covers x to x + 1 here.
/// </summary>
/// <param name="changes">width + 2 zeros.</param>
/// <param name="spans">Room for the first and last passed pixel of each piece: two for a piece.</param>
internal ref struct CoverRow(Span<float> changes, Span<int> spans)
{
    /// <summary>Less than this part of a pixel, or of what is missing to all of it, is the rounding of sums.</summary>
    private const float Least = 1f / 4096;

    private readonly Span<float> _changes = changes;
    private readonly Span<int> _spans = spans;
    private int _count;

    private readonly int Width => _changes.Length - 2;

    /// <summary>Notes a straight piece from (x0, y0) to (x1, y1), of which what lies beside the row counts at its ends.</summary>
    public void Add(double x0, double y0, double x1, double y1)
    {
        int width = Width;
        if (Math.Min(x0, x1) >= width)
        {
            // It changes nothing to its left.
            return;
        }

        if (Math.Max(x0, x1) <= 0)
        {
            Note(0, 0, (float)(y1 - y0));
            return;
        }

        // What crosses the row's ends goes on upright there.
        if (Math.Min(x0, x1) < 0)
        {
            double y = y0 + ((0 - x0) / (x1 - x0) * (y1 - y0));
            Note(0, 0, (float)(x0 < 0 ? y - y0 : y1 - y));
            (x0, y0) = x0 < 0 ? (0, y) : (x0, y0);
            (x1, y1) = x1 < 0 ? (0, y) : (x1, y1);
        }

        if (Math.Max(x0, x1) > width)
        {
            double y = y0 + ((width - x0) / (x1 - x0) * (y1 - y0));
            (x0, y0) = x0 > width ? (width, y) : (x0, y0);
            (x1, y1) = x1 > width ? (width, y) : (x1, y1);
        }

        Note((float)Math.Min(x0, x1), (float)Math.Max(x0, x1), (float)(y1 - y0));
    }

    /// <summary>Adds value × cover to each pixel of a row, up to 1, and forgets the pieces.</summary>
    public void Flush(Span<float> line, float value)
    {
        float sum = 0;
        int done = 0;
        Sort();
        for (int i = 0; i < _count; i++)
        {
            int first = Math.Max(_spans[2 * i], done);
            int last = Math.Min(_spans[(2 * i) + 1], line.Length - 1);
            if (first > done)
            {
                AddRun(line[done..first], Fold(sum) * value);
            }

            for (int x = first; x <= last; x++)
            {
                sum += _changes[x];
                _changes[x] = 0;
                float cover = Fold(sum);
                if (cover > 0)
                {
                    line[x] = Math.Min(line[x] + (cover * value), 1);
                }
            }

            done = Math.Max(done, last + 1);
        }

        AddRun(line[done..], Fold(sum) * value);
        _changes[line.Length..].Clear();
        _count = 0;
    }

    /// <summary>By the even-odd rule: twice covered is not covered.</summary>
    private static float Fold(float sum)
    {
        float turns = MathF.Abs(sum);
        if (turns > 1)
        {
            turns %= 2;
            turns = turns > 1 ? 2 - turns : turns;
        }

        return turns < Least ? 0
            : turns > 1 - Least ? 1
            : turns;
    }

    private static void AddRun(Span<float> run, float amount)
    {
        if (amount == 0)
        {
            return;
        }

        int x = 0;
        ref float start = ref MemoryMarshal.GetReference(run);
        for (; Lanes.Fast && x <= run.Length - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> sum = Vector256.LoadUnsafe(ref start, (nuint)x) + Vector256.Create(amount);
            Vector256.Min(sum, Vector256<float>.One).StoreUnsafe(ref start, (nuint)x);
        }

        for (; x < run.Length; x++)
        {
            run[x] = Math.Min(run[x] + amount, 1);
        }
    }

    /// <summary>A piece from left to right within the row that goes down by so much.</summary>
    private void Note(float left, float right, float down)
    {
        int first = (int)left;
        int end = (int)MathF.Ceiling(right);
        _spans[2 * _count] = first;
        _spans[(2 * _count++) + 1] = Math.Max(end, first);
        float within = left - first;
        if (end <= first + 1)
        {
            float mean = (within + (right - first)) / 2;
            _changes[first] += down * (1 - mean);
            _changes[first + 1] += down * mean;
            return;
        }

        // The covers of the pixels passed are a triangle, slices of equal width, and all but a triangle: their differences are noted.
        float slope = 1 / (right - left);
        float start = 1 - within;
        float begin = slope * start * start / 2;
        float rest = right - (end - 1);
        float stop = slope * rest * rest / 2;
        _changes[first] += down * begin;
        if (end == first + 2)
        {
            _changes[first + 1] += down * (1 - begin - stop);
        }
        else
        {
            float second = slope * (start + 0.5f);
            _changes[first + 1] += down * (second - begin);
            for (int x = first + 2; x < end - 1; x++)
            {
                _changes[x] += down * slope;
            }

            float before = second + ((end - first - 3) * slope);
            _changes[end - 1] += down * (1 - before - stop);
        }

        _changes[end] += down * stop;
    }

    /// <summary>By their first pixels; few, and from row to row in nearly the same order.</summary>
    private readonly void Sort()
    {
        for (int i = 1; i < _count; i++)
        {
            (int first, int last) = (_spans[2 * i], _spans[(2 * i) + 1]);
            int at = i;
            for (; at > 0 && _spans[2 * (at - 1)] > first; at--)
            {
                _spans[2 * at] = _spans[2 * (at - 1)];
                _spans[(2 * at) + 1] = _spans[(2 * at) - 1];
            }

            (_spans[2 * at], _spans[(2 * at) + 1]) = (first, last);
        }
    }
}
