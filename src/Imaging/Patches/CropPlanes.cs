using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// A crop's Y, Cb, Cr and mask, plane by plane, in memory pinned by whoever made it. The last pixel of a row is there twice, and behind it
/// and below the last row is room, so that whole vectors may be read from any pixel on; what they hold there counts for nothing, but that
/// the row below the last one repeats it.
/// </summary>
internal readonly unsafe struct CropPlanes(float* memory, int width, int height)
{
    private const int Padding = 8;
    private const int RowsBelow = 3;

    public readonly int Width = width;
    public readonly int Height = height;

    /// <summary>From a row to the next.</summary>
    public readonly int Stride = width + Padding;

    public float* Y => memory;
    public float* Cb => memory + PlaneLength;
    public float* Cr => memory + (2 * PlaneLength);
    public float* Mask => memory + (3 * PlaneLength);

    private nint PlaneLength => (nint)Stride * (Height + RowsBelow);

    /// <summary>Floats that the memory must hold.</summary>
    public static int Floats(int width, int height) => 4 * (width + Padding) * (height + RowsBelow);

    /// <summary>Takes a crop in RGB 0 to 255 (3 × height × width) and its mask (height × width).</summary>
    public void Fill(YuvMatrix matrix, ReadOnlySpan<float> rgb, ReadOnlySpan<float> mask)
    {
        int area = Width * Height;
        for (int row = 0; row < Height; row++)
        {
            int from = row * Width;
            RgbToYuv.Convert(
                matrix,
                rgb.Slice(from, Width),
                rgb.Slice(area + from, Width),
                rgb.Slice((2 * area) + from, Width),
                Row(Y, row),
                Row(Cb, row),
                Row(Cr, row)
            );
        }

        Repeat(Y);
        Repeat(Cb);
        Repeat(Cr);
        FillMask(mask);
    }

    /// <summary>Takes a mask alone.</summary>
    public void FillMask(ReadOnlySpan<float> mask)
    {
        for (int row = 0; row < Height; row++)
        {
            mask.Slice(row * Width, Width).CopyTo(Row(Mask, row));
        }

        Repeat(Mask);
    }

    private Span<float> Row(float* plane, int row) => new(plane + ((nint)row * Stride), Width);

    private void Repeat(float* plane)
    {
        float* end = plane + Width;
        for (int row = 0; row < Height; row++, end += Stride)
        {
            end[0] = end[-1];
        }

        float* below = plane + ((nint)Height * Stride);
        new ReadOnlySpan<float>(below - Stride, Width + 1).CopyTo(new Span<float>(below, Width + 1));
    }
}
