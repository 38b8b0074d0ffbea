using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>
/// How much of a crop pixel lies within the frame along one of its axes, 0 to 1: for a pixel so many samples wide whose centre lies at x,
/// with the frame from left to right, the lesser of <c>(x − left) / width + ½</c> and <c>(right − x) / width + ½</c>.
/// </summary>
internal readonly struct EdgeFade
{
    private readonly float _perSample;
    private readonly float _before;
    private readonly float _behind;

    /// <param name="width">Of the pixel, in samples; what is narrower fades over one sample.</param>
    /// <param name="shift">Samples from the frame's first sample to the place 0.</param>
    /// <param name="end">The place that a sample behind the frame's last would have.</param>
    public EdgeFade(float width, float shift, float end)
    {
        _perSample = 1 / Math.Max(1, width);
        _before = ((shift + 0.5f) * _perSample) + 0.5f;
        _behind = ((end - 0.5f) * _perSample) + 0.5f;
    }

    public float At(float place)
    {
        float samples = place * _perSample;
        return Math.Clamp(Math.Min(samples + _before, _behind - samples), 0, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> At(Vector256<float> place)
    {
        Vector256<float> samples = place * _perSample;
        Vector256<float> least = Vector256.MinNative(
            samples + Vector256.Create(_before),
            Vector256.Create(_behind) - samples
        );
        return Lanes.Clamp(least, Vector256<float>.Zero, Vector256<float>.One);
    }
}
