namespace FaceFusion.Batch.Imaging.Scenes;

/// <summary>The specification.</summary>
public static partial class LumaThumbnail
{
    internal static void AddScalar(ReadOnlySpan<byte> samples, Span<ushort> sums, int first)
    {
        for (int x = first; x < samples.Length; x++)
        {
            sums[x] += samples[x];
        }
    }

    internal static void AddScalar(ReadOnlySpan<ushort> samples, int shift, Span<ushort> sums, int first)
    {
        for (int x = first; x < samples.Length; x++)
        {
            sums[x] += (ushort)Math.Min(samples[x] >> shift, 255);
        }
    }
}
