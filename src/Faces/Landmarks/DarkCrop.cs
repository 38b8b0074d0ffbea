using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Filtering;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// What FaceFusion does to every crop before a landmark network sees it: to L*a*b* in bytes and back, which loses a little, and where the
/// crop is dark its lightness is equalised in between. Red and blue are taken for each other on the way in and out.
/// </summary>
internal sealed class DarkCrop(int size)
{
    /// <summary>Mean lightness, 0 to 255, below which a crop is dark.</summary>
    private const double Dark = 30;

    private readonly Clahe _clahe = new(size, size, clip: 2, tiles: 8);
    private readonly byte[] _lab = new byte[3 * size * size];

    /// <param name="bgr">Planes B, G, R of the crop; changed in place.</param>
    public void Lighten(Span<byte> bgr)
    {
        int plane = size * size;
        Span<byte> b = bgr[..plane];
        Span<byte> g = bgr.Slice(plane, plane);
        Span<byte> r = bgr.Slice(2 * plane, plane);
        Span<byte> lightness = _lab.AsSpan(0, plane);
        Span<byte> greenRed = _lab.AsSpan(plane, plane);
        Span<byte> blueYellow = _lab.AsSpan(2 * plane, plane);

        // B stands where R belongs: networks were published with pictures made like this.
        Lab8.FromRgb(b, g, r, lightness, greenRed, blueYellow);
        if (Mean(lightness) < Dark)
        {
            _clahe.Apply(lightness);
        }

        Lab8.ToRgb(lightness, greenRed, blueYellow, b, g, r);
    }

    private static double Mean(ReadOnlySpan<byte> values)
    {
        long sum = 0;
        foreach (byte value in values)
        {
            sum += value;
        }

        return sum / (double)values.Length;
    }
}
