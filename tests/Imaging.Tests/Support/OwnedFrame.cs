using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Tests.Support;

/// <summary>One frame for one test.</summary>
internal sealed class OwnedFrame : IDisposable
{
    private readonly FramePool _pool;

    public OwnedFrame(FrameFormat format)
    {
        _pool = new FramePool(format, 1);
        Frame = _pool.Rent(TestContext.Current.CancellationToken);
    }

    public Frame Frame { get; }

    public void Dispose()
    {
        _pool.Return(Frame);
        _pool.Dispose();
    }

    /// <summary>Independent random samples over the whole range.</summary>
    public static OwnedFrame Noise(FrameFormat format, int seed)
    {
        OwnedFrame owned = new(format);
        Random random = new(seed);
        owned.Fill((_, _, _) => random.Next(1 << format.BitDepth));
        return owned;
    }

    /// <summary>Waves of several periods, a few samples and longer, in every plane, inside limited range.</summary>
    public static OwnedFrame Waves(FrameFormat format, int seed)
    {
        OwnedFrame owned = new(format);
        double phase = seed;
        int unit = 1 << (format.BitDepth - 8);
        owned.Fill(
            (plane, x, y) =>
            {
                double step = plane == 0 ? 1 : (double)format.Width / format.ChromaWidth;
                double down = plane == 0 ? 1 : (double)format.Height / format.ChromaHeight;
                double wave =
                    Math.Sin((x * step / 19) + (y * down / 31) + phase + plane)
                    + (0.5 * Math.Cos((x * step / 11) - (y * down / 13) + plane));
                return (int)Math.Round((128 + (wave * 55)) * unit);
            }
        );
        return owned;
    }

    /// <summary>Every sample from (plane, column, row).</summary>
    public void Fill(Func<int, int, int, int> sample)
    {
        FrameFormat format = Frame.Format;
        for (int plane = 0; plane < 3; plane++)
        {
            int width = plane == 0 ? format.Width : format.ChromaWidth;
            int height = plane == 0 ? format.Height : format.ChromaHeight;
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int value = sample(plane, x, y);
                    if (format.BitDepth > 8)
                    {
                        Frame.Plane16(plane)[(y * width) + x] = (ushort)value;
                    }
                    else
                    {
                        Frame.Plane(plane)[(y * width) + x] = (byte)value;
                    }
                }
            }
        }
    }

    public int Sample(int plane, int x, int y)
    {
        int width = plane == 0 ? Frame.Format.Width : Frame.Format.ChromaWidth;
        return Frame.Format.BitDepth > 8 ? Frame.Plane16(plane)[(y * width) + x] : Frame.Plane(plane)[(y * width) + x];
    }
}
