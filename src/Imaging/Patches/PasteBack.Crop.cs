using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The crop of a model, put back through the inverse of the matrix it was cut with.</summary>
public static unsafe partial class PasteBack
{
    private const int BandPixels = 16_384;

    /// <summary>
    /// Blends a crop (<paramref name="rgb"/>: 3 × height × width, RGB 0..255) under its <paramref name="mask"/> (height × width, 0..1) into
    /// the frame. Only the crop is converted to the frame's YUV; what the mask leaves out keeps its bytes, as in <see cref="Blend"/>.
    /// Bilinear; where the frame is coarser than the crop by more than 1.5 the mean of k×k taps. A mask that is not 0 at the crop's edge
    /// fades over the one crop pixel beyond it. A matrix that is singular or not
    /// finite pastes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void BlendCrop(
        Frame frame,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        ReadOnlySpan<float> rgb,
        ReadOnlySpan<float> mask
    )
    {
        PixelRect region = CropRegion(frame.Format, cropToFrame, width, height);
        int plane = width * height;
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, 3 * plane, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, plane, nameof(mask));
        if (!region.IsEmpty)
        {
            BlendCrop(frame, region, cropToFrame, width, height, rgb, mask);
        }
    }

    /// <summary>How much of each pixel of <see cref="CropRegion"/> such a blend replaces. Not made for every frame: pixel by pixel.</summary>
    /// <param name="mask">As it was blended: height × width.</param>
    /// <param name="weights">Receives that part of each pixel, 0 to 1, row by row; a pixel with 0 keeps its bytes.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void CropWeights(
        FrameFormat format,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        ReadOnlySpan<float> mask,
        Span<float> weights
    )
    {
        PixelRect region = CropRegion(format, cropToFrame, width, height);
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, width * height, nameof(mask));
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, region.Area, nameof(weights));
        if (region.IsEmpty)
        {
            return;
        }

        fixed (float* memory = RowScratch.RentOuter(CropPlanes.Floats(width, height)))
        {
            CropPlanes crop = new(memory, width, height);
            crop.FillMask(mask);
            WeighScalar(new WarpPlan(cropToFrame.Invert(), region, width, height), crop, weights);
        }
    }

    /// <summary>The frame pixels that a crop can reach; empty where it lies outside the frame or its matrix is singular or not finite.</summary>
    public static PixelRect CropRegion(FrameFormat format, in AffineMatrix cropToFrame, int width, int height)
    {
        float area = (cropToFrame.A * cropToFrame.E) - (cropToFrame.B * cropToFrame.D);
        return SamplingPlan.IsUsable(cropToFrame) && float.IsNormal(area) && float.IsNormal(1 / area)
            ? Footprint(format, cropToFrame, width, height)
            : default;
    }

    private static void BlendCrop(
        Frame frame,
        PixelRect region,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        ReadOnlySpan<float> rgb,
        ReadOnlySpan<float> mask
    )
    {
        int rows = BandRows(region);
        int pitch = Pitch((region.Width + (4 * Wide)) * Math.Min(rows + 2, region.Height));
        int planes = CropPlanes.Floats(width, height);
        Span<float> scratch = RowScratch.RentOuter(planes + MixedFloats(width, height) + (4 * pitch));
        Span<float> warped = scratch[^(4 * pitch)..];
        AffineMatrix frameToCrop = cropToFrame.Invert();
        fixed (float* memory = scratch)
        {
            CropPlanes crop = new(memory, width, height);
            crop.Fill(frame.Format.Matrix, rgb, mask);
            float* pixels = memory + planes;
            if (Lanes.Fast && !IsWide(new WarpPlan(frameToCrop, region, width, height)))
            {
                MixPlanes(crop, pixels);
            }

            for (int row = region.Y, end; row < region.Bottom; row = end)
            {
                end = Math.Min((row & ~1) + rows, region.Bottom);
                // Chroma rows look at the luma rows beside them.
                int top = Math.Max(row - 1, region.Y);
                int bottom = Math.Min(end + 1, region.Bottom);
                PixelRect band = Widen(Reach(region, cropToFrame, width, height, top, bottom), frame.Format.Width);
                if (band.IsEmpty)
                {
                    continue;
                }

                WarpPlan plan = new(frameToCrop, band, width, height);
                Warp(plan, crop, pixels, warped, pitch);
                BlendRows(
                    frame,
                    band,
                    new PixelRect(band.X, row, band.Width, end - row),
                    warped[..band.Area],
                    warped.Slice(pitch, band.Area),
                    warped.Slice(2 * pitch, band.Area),
                    warped.Slice(3 * pitch, band.Area),
                    1
                );
            }
        }
    }

    /// <summary>Rows of a band, an even number: a large face goes through in bands whose planes stay in the second cache.</summary>
    private static int BandRows(PixelRect region) => Math.Max(BandPixels / Math.Max(region.Width, 1), 2) & ~1;

    /// <summary>
    /// From one of a band's planes to the next: not a multiple of 4 KiB or near to it, because what is written to four places at such
    /// distances goes through the same few lines of the first cache, and loads wait for it.
    /// </summary>
    private static int Pitch(int area)
    {
        const int Page = 4096 / sizeof(float);
        return ((area + Page - 1) / Page * Page) + (Page / 4) + Wide;
    }

    /// <summary>
    /// Those rows of the region, without the columns that a turned crop does not reach in them: where the sides of its outline run between
    /// the rows, and a pixel more.
    /// </summary>
    private static PixelRect Reach(
        PixelRect region,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        int top,
        int bottom
    )
    {
        ReadOnlySpan<(float X, float Y)> corners =
        [
            cropToFrame.Apply(-1, -1),
            cropToFrame.Apply(width, -1),
            cropToFrame.Apply(width, height),
            cropToFrame.Apply(-1, height),
        ];
        float left = float.PositiveInfinity,
            right = float.NegativeInfinity;
        for (int i = 0; i < corners.Length; i++)
        {
            (float X, float Y) a = corners[i];
            (float X, float Y) b = corners[(i + 1) % corners.Length];
            if (Math.Max(a.Y, b.Y) < top - 1 || Math.Min(a.Y, b.Y) > bottom)
            {
                continue;
            }

            // The part of the side that lies between one row above and one below; a level side lies there whole.
            float slope = (b.X - a.X) / (b.Y - a.Y);
            float first = float.IsFinite(slope)
                ? a.X + ((Math.Clamp(top - 1, Math.Min(a.Y, b.Y), Math.Max(a.Y, b.Y)) - a.Y) * slope)
                : a.X;
            float last = float.IsFinite(slope)
                ? a.X + ((Math.Clamp(bottom, Math.Min(a.Y, b.Y), Math.Max(a.Y, b.Y)) - a.Y) * slope)
                : b.X;
            left = Math.Min(left, Math.Min(first, last));
            right = Math.Max(right, Math.Max(first, last));
        }

        int from = (int)Math.Clamp(MathF.Floor(left) - 1, region.X, region.Right);
        int to = (int)Math.Clamp(MathF.Ceiling(right) + 2, region.X, region.Right);
        return new PixelRect(from, top, to - from, bottom - top);
    }

    /// <summary>
    /// With so many columns more that whole vectors fill its rows, in luma and in chroma, where the frame has them; the crop does not reach
    /// those.
    /// </summary>
    private static PixelRect Widen(PixelRect band, int frameWidth)
    {
        const int Columns = Wide;
        int width = (band.Width + 1 + Columns - 1) / Columns * Columns;
        int from = Math.Max(Math.Min(band.X, frameWidth - width), 0) & ~1;
        return band.IsEmpty ? band : band with { X = from, Width = Math.Min(width, frameWidth - from) };
    }

    /// <summary>The frame pixels whose centres lie within the crop and the one pixel around it over which it fades.</summary>
    private static PixelRect Footprint(FrameFormat format, in AffineMatrix cropToFrame, int width, int height)
    {
        (float x0, float y0) = cropToFrame.Apply(-1, -1);
        (float x1, float y1) = cropToFrame.Apply(width, -1);
        (float x2, float y2) = cropToFrame.Apply(-1, height);
        (float x3, float y3) = cropToFrame.Apply(width, height);
        return PixelRect.Around(
            Math.Min(Math.Min(x0, x1), Math.Min(x2, x3)),
            Math.Min(Math.Min(y0, y1), Math.Min(y2, y3)),
            Math.Max(Math.Max(x0, x1), Math.Max(x2, x3)),
            Math.Max(Math.Max(y0, y1), Math.Max(y2, y3)),
            format.Width,
            format.Height
        );
    }

    /// <summary>
    /// Crop to region: mask and mask-weighted RGB of every frame pixel. Beyond the crop its colours go on and its mask fades to nothing
    /// over one crop pixel.
    /// </summary>
    private static void Warp(in WarpPlan plan, in CropPlanes crop, float* pixels, Span<float> into, int pitch)
    {
        fixed (float* planes = into)
        {
            WarpTarget target = new(planes, pitch);
            if (IsWide(plan))
            {
                WarpWide(plan, crop, target);
            }
            else if (Lanes.Fast)
            {
                WarpVector(plan, crop, pixels, target);
            }
            else
            {
                WarpScalar(plan, crop, target);
            }
        }
    }
}
