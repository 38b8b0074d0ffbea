using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

internal static class PasteRegions
{
    /// <summary>Inside at even and odd places, narrow, the whole frame, across each edge, larger than the frame, and outside.</summary>
    public static PixelRect[] All(int width, int height) =>
        [
            new(10, 6, 20, 12),
            new(11, 7, 21, 13),
            new(12, 9, 1, 1),
            new(13, 9, 3, 2),
            new(0, 0, width, height),
            new(-5, -3, 20, 17),
            new(width - 12, height - 9, 30, 30),
            new(-4, -4, width + 9, height + 7),
            new(width + 3, 2, 9, 9),
            new(-20, 2, 9, 9),
            new(3, height + 5, 17, 4),
        ];
}
