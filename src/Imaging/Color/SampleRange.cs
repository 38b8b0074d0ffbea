using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Color;

/// <summary>
/// From stored samples to full range and back: <c>y = (sample − LumaBlack) · LumaGain</c> is 0..255,
/// <c>c = (sample − ChromaZero) · ChromaGain</c> lies around 0 within ±127.5 (limited range: 16..235 and 16..240 at 8 bit, ×4 at 10 bit).
/// </summary>
public readonly record struct SampleRange(float LumaBlack, float LumaGain, float ChromaZero, float ChromaGain, int Peak)
{
    public static SampleRange Of(FrameFormat format)
    {
        int peak = (1 << format.BitDepth) - 1;
        float unit = 1 << (format.BitDepth - 8);
        return format.FullRange
            ? new(0, 255f / peak, 128 * unit, 255f / peak, peak)
            : new(16 * unit, 255f / (219 * unit), 128 * unit, 255f / (224 * unit), peak);
    }
}
