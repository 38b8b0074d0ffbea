using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing;

/// <summary>Compares a fused frame with what it was, byte by byte outside the mask.</summary>
internal static class MaskCheck
{
    /// <returns>How many samples inside the mask changed.</returns>
    public static int ThrowIfOutsideChanged(byte[] before, Frame after, IFaceFuser fuser)
    {
        FrameFormat format = after.Format;
        int changed = 0;
        for (int plane = 0; plane < 3; plane++)
        {
            int width = plane == 0 ? format.Width : format.ChromaWidth;
            int height = plane == 0 ? format.Height : format.ChromaHeight;
            int across = plane == 0 || format.Chroma == ChromaLayout.Yuv444 ? 1 : 2;
            int down = plane == 0 || format.Chroma != ChromaLayout.Yuv420 ? 1 : 2;
            int start = plane == 0 ? 0 : format.LumaBytes + ((plane - 1) * format.ChromaBytes);
            ReadOnlySpan<byte> now = after.Plane(plane);
            ReadOnlySpan<byte> old = before.AsSpan(start, now.Length);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int at = ((y * width) + x) * format.BytesPerSample;
                    bool same = now.Slice(at, format.BytesPerSample)
                        .SequenceEqual(old.Slice(at, format.BytesPerSample));
                    if (!same)
                    {
                        Assert.True(Touches(fuser, x, y, across, down), $"Plane {plane} changed at {x}, {y}.");
                        changed++;
                    }
                }
            }
        }

        return changed;
    }

    /// <summary>Whether a luma sample near this one is in the mask; chroma siting may reach one sample further.</summary>
    private static bool Touches(IFaceFuser fuser, int x, int y, int across, int down)
    {
        PixelRect region = fuser.Region;
        int reach = across - 1;
        for (int v = (y * down) - (down - 1); v <= (y * down) + down - 1; v++)
        {
            for (int u = (x * across) - reach; u <= (x * across) + across - 1; u++)
            {
                bool inside = u >= region.X && v >= region.Y && u < region.Right && v < region.Bottom;
                if (inside && fuser.Mask[((v - region.Y) * region.Width) + u - region.X] > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
