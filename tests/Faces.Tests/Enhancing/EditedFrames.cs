using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Tests.Enhancing;

/// <summary>Frames and faces without a detector.</summary>
internal static class EditedFrames
{
    /// <summary>One colour everywhere: 4:4:4, full range, 8 or 10 bit.</summary>
    public static Frame Plain(int width, int height, int bitDepth, int y, int u, int v)
    {
        FrameFormat format = new(
            width,
            height,
            ChromaLayout.Yuv444,
            bitDepth,
            YuvMatrix.Bt601,
            true,
            ChromaSiting.Left
        );
        Frame frame = new FramePool(format, 1).Rent(CancellationToken.None);
        ReadOnlySpan<int> color = [y, u, v];
        for (int plane = 0; plane < 3; plane++)
        {
            if (bitDepth > 8)
            {
                frame.Plane16(plane).Fill((ushort)color[plane]);
            }
            else
            {
                frame.Plane(plane).Fill((byte)color[plane]);
            }
        }

        return frame;
    }

    /// <summary>A face by its five points alone, upright around (x, y) with eyes so many pixels apart.</summary>
    public static FrameFaces Face(float x, float y, float eyes)
    {
        float[] points =
        [
            x - (eyes / 2),
            y - (eyes * 0.4f),
            x + (eyes / 2),
            y - (eyes * 0.4f),
            x,
            y + (eyes * 0.2f),
            x - (eyes * 0.43f),
            y + (eyes * 0.65f),
            x + (eyes * 0.43f),
            y + (eyes * 0.65f),
        ];
        FrameFaces faces = new();
        faces.Faces.Add(new TrackedFace { Points = points });
        return faces;
    }

    /// <summary>The pixel's R, G and B, by ITU-R BT.601 at full range; 4:4:4 of 8 bit.</summary>
    public static (double R, double G, double B) Rgb(Frame frame, int x, int y)
    {
        int at = (y * frame.Format.Width) + x;
        double light = frame.Plane(0)[at],
            cb = frame.Plane(1)[at] - 128,
            cr = frame.Plane(2)[at] - 128;
        return (light + (1.402 * cr), light - (0.344136 * cb) - (0.714136 * cr), light + (1.772 * cb));
    }
}
