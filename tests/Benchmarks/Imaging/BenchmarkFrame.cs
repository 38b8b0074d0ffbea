using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Benchmarks.Imaging;

/// <summary>Frames of noise to measure on.</summary>
internal static class BenchmarkFrame
{
    public static (FramePool Pool, Frame Frame) Noise(int width, int height, int bitDepth)
    {
        FrameFormat format = new(
            width,
            height,
            ChromaLayout.Yuv420,
            bitDepth,
            YuvMatrix.Bt709,
            FullRange: false,
            ChromaSiting.Left
        );
        FramePool pool = new(format, 1);
        Frame frame = pool.Rent(CancellationToken.None);
        new Random(1).NextBytes(frame.Bytes);
        for (int plane = 0; bitDepth > 8 && plane < 3; plane++)
        {
            foreach (ref ushort sample in frame.Plane16(plane))
            {
                sample &= (ushort)((1 << bitDepth) - 1);
            }
        }

        return (pool, frame);
    }
}
