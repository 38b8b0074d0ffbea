using FaceFusion.Batch.Imaging.Color;
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
        Span<float> scratch = RowScratch.RentOuter(region.Area + ScratchFloats(region, width, height));
        Span<float> weights = scratch[..region.Area];
        BlendCrop(frame, region, cropToFrame, width, height, rgb, mask, scratch[region.Area..], weights);
    }

    /// <summary>As the other, and tells how much of each pixel of <see cref="CropRegion"/> was replaced.</summary>
    /// <param name="weights">Receives that part of each pixel, 0 to 1, row by row; a pixel with 0 kept its bytes.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void BlendCrop(
        Frame frame,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        ReadOnlySpan<float> rgb,
        ReadOnlySpan<float> mask,
        Span<float> weights
    )
    {
        PixelRect region = CropRegion(frame.Format, cropToFrame, width, height);
        Span<float> scratch = RowScratch.RentOuter(ScratchFloats(region, width, height));
        BlendCrop(frame, region, cropToFrame, width, height, rgb, mask, scratch, weights);
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
        ReadOnlySpan<float> mask,
        Span<float> scratch,
        Span<float> weights
    )
    {
        int plane = width * height;
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, 3 * plane, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, plane, nameof(mask));
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, region.Area, nameof(weights));
        if (region.IsEmpty)
        {
            return;
        }

        Span<float> mixed = scratch[..(4 * plane)];
        Span<float> colors = scratch[(4 * plane)..];
        AffineMatrix frameToCrop = cropToFrame.Invert();
        fixed (float* crop = rgb)
        fixed (float* masked = mask)
        fixed (float* pixels = mixed)
        {
            if (Lanes.Fast)
            {
                MixPlanes(crop, masked, plane, pixels);
            }

            int rows = BandRows(region);
            for (int row = region.Y, end; row < region.Bottom; row = end)
            {
                end = Math.Min((row & ~1) + rows, region.Bottom);
                // Chroma rows look at the luma rows beside them.
                int top = Math.Max(row - 1, region.Y);
                PixelRect band = new(region.X, top, region.Width, Math.Min(end + 1, region.Bottom) - top);
                Span<float> weight = weights.Slice((top - region.Y) * region.Width, band.Area);
                WarpPlan plan = new(frameToCrop, band, width, height);
                Warp(plan, crop, masked, pixels, colors, weight);
                Span<float> y = colors[..band.Area];
                Span<float> cb = colors.Slice(band.Area, band.Area);
                Span<float> cr = colors.Slice(2 * band.Area, band.Area);
                RgbToYuv.Convert(frame.Format.Matrix, y, cb, cr, y, cb, cr);
                PixelRect kept = new(region.X, row, region.Width, end - row);
                BlendRows(frame, band, kept, y, cb, cr, weight, 1);
            }
        }
    }

    /// <summary>Rows of a band, an even number: a large face goes through in bands whose planes stay in the second cache.</summary>
    private static int BandRows(PixelRect region) => Math.Max(BandPixels / Math.Max(region.Width, 1), 2) & ~1;

    private static int ScratchFloats(PixelRect region, int width, int height) =>
        (4 * width * height) + (3 * region.Width * Math.Min(BandRows(region) + 2, region.Height));

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
    private static void Warp(
        in WarpPlan plan,
        float* crop,
        float* mask,
        float* pixels,
        Span<float> colors,
        Span<float> weights
    )
    {
        fixed (float* into = colors)
        fixed (float* weight = weights)
        {
            WarpTarget target = new(into, weight, plan.Region.Area);
            if (Lanes.Fast)
            {
                WarpVector(plan, crop, mask, pixels, target);
            }
            else
            {
                WarpScalar(plan, crop, mask, target);
            }
        }
    }
}
