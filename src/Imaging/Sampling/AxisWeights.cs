using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>
/// Along one axis: for each crop pixel the first sample it needs, the weights of that one and those behind it, and how much of the pixel
/// lies within the frame. Laid out weight by weight, so that eight crop pixels fill a vector. Memory: (most + 2) × columns floats,
/// cleared, of which the first <c>columns</c> hold whole numbers.
/// </summary>
internal readonly unsafe struct AxisWeights(float* memory, int columns, int most)
{
    private readonly int* _starts = (int*)memory;
    private readonly float* _covers = memory + columns;
    private readonly float* _weights = memory + (2 * columns);

    /// <summary>Weights that each crop pixel has room for.</summary>
    public int Most => most;

    /// <summary>
    /// Samples that the taps of a crop pixel can need at a step of so many samples: those from the first to the last tap (a little more,
    /// against rounding), and the right neighbour of the last.
    /// </summary>
    public static int MostSamples(float step, int taps) => (int)((MathF.Abs(step) * (taps - 1) / taps) + 0.01f) + 3;

    /// <summary>
    /// Crop pixel <paramref name="column"/> at a luma <paramref name="place"/>: the sum of taps within one step around it, and how much of
    /// it lies within the frame.
    /// </summary>
    public void Set(
        int column,
        float place,
        float step,
        int taps,
        int frameSize,
        float scale,
        float shift,
        int planeSize,
        in EdgeFade fade
    )
    {
        for (int i = 0; i < most; i++)
        {
            _weights[(i * columns) + column] = 0;
        }

        int start = int.MaxValue;
        for (int tap = 0; tap < taps; tap++)
        {
            start = Math.Min(start, (int)SamplePlace(Tap(place, step, tap, taps), frameSize, scale, shift, planeSize));
        }

        for (int tap = 0; tap < taps; tap++)
        {
            float at = Tap(place, step, tap, taps);
            float sample = SamplePlace(at, frameSize, scale, shift, planeSize);
            int left = (int)sample;
            float fraction = sample - left;
            _weights[((left - start) * columns) + column] += 1 - fraction;
            _weights[((left + 1 - start) * columns) + column] += fraction;
        }

        _starts[column] = start;
        _covers[column] = fade.At(place);
    }

    /// <summary>The samples that the first so many crop pixels need, from the first to behind the last.</summary>
    public (int First, int End) Samples(int count)
    {
        // Places go one way along the axis.
        int one = _starts[0];
        int other = _starts[count - 1];
        return (Math.Min(one, other), Math.Max(one, other) + most);
    }

    public int StartOf(int column) => _starts[column];

    public float WeightOf(int column, int i) => _weights[(i * columns) + column];

    public float CoverOf(int column) => _covers[column];

    public Vector256<float> Cover(int column) => Vector256.Load(_covers + column);

    /// <summary>Weighted sums of a line of samples for eight crop pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Mix(int column, float* line)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < most; i++)
        {
            sum += Lanes.Gather(line + i, _starts + column) * Vector256.Load(_weights + (i * columns) + column);
        }

        return sum;
    }

    private static float Tap(float place, float step, int tap, int taps) =>
        place + (step * (((tap + 0.5f) / taps) - 0.5f));

    private static float SamplePlace(float at, int frameSize, float scale, float shift, int planeSize) =>
        Math.Clamp((Math.Clamp(at, 0, frameSize - 1) * scale) + shift, 0, planeSize - 1);
}
