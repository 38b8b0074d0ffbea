using BenchmarkDotNet.Attributes;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Benchmarks.Imaging;

/// <summary>A 170×210 face region out of a frame and back.</summary>
[MemoryDiagnoser]
public class PatchBenchmarks
{
    private static readonly PixelRect Region = new(101, 43, 170, 210);
    private readonly float[] _y = new float[Region.Area];
    private readonly float[] _cb = new float[Region.Area];
    private readonly float[] _cr = new float[Region.Area];
    private readonly float[] _mask = new float[Region.Area];
    private readonly float[] _rgb = new float[3 * 128 * 128];
    private FramePool? _pool;
    private Frame _frame = null!;

    [Params(8, 10)]
    public int BitDepth { get; set; }

    [GlobalSetup]
    public void Open()
    {
        (_pool, _frame) = BenchmarkFrame.Noise(400, 300, BitDepth);
        Array.Fill(_mask, 0.7f);
    }

    [GlobalCleanup]
    public void Close() => _pool?.Dispose();

    [Benchmark]
    public void Read() => PatchReader.Read(_frame, Region, _y, _cb, _cr);

    [Benchmark]
    public void Blend() => PasteBack.Blend(_frame, Region, _y, _cb, _cr, _mask, 1);

    [Benchmark]
    public void BlendCrop() =>
        PasteBack.BlendCrop(_frame, AffineMatrix.CropToFrame(200, 150, 170, 0.1f, 128), 128, 128, _rgb, _mask);
}
