using BenchmarkDotNet.Attributes;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Benchmarks.Imaging;

/// <summary>A 192×192 crop for a model: the specification is the baseline.</summary>
[MemoryDiagnoser]
public unsafe class CropSamplerBenchmarks
{
    private const int Size = 192;
    private readonly float[] _rgb = new float[3 * Size * Size];
    private FramePool? _pool;
    private Frame _frame = null!;

    [Params(8, 10)]
    public int BitDepth { get; set; }

    [GlobalSetup]
    public void Open() => (_pool, _frame) = BenchmarkFrame.Noise(400, 300, BitDepth);

    [GlobalCleanup]
    public void Close() => _pool?.Dispose();

    [Benchmark(Baseline = true)]
    public void TurnedFaceScalar()
    {
        SamplingPlan plan = new(_frame.Format, Face, 1 / 255f, 0);
        fixed (byte* luma = _frame.Plane(0))
        fixed (byte* u = _frame.Plane(1))
        fixed (byte* v = _frame.Plane(2))
        fixed (float* rgb = _rgb)
        {
            if (BitDepth > 8)
            {
                CropSampler.ScalarRows<ushort, WordSamples>(
                    (ushort*)luma,
                    (ushort*)u,
                    (ushort*)v,
                    plan,
                    Size,
                    Size,
                    rgb,
                    0
                );
            }
            else
            {
                CropSampler.ScalarRows<byte, ByteSamples>(luma, u, v, plan, Size, Size, rgb, 0);
            }
        }
    }

    [Benchmark]
    public void TurnedFace() => CropSampler.ToRgb(_frame, Face, Size, Size, 1 / 255f, 0, _rgb);

    [Benchmark]
    public void FaceAcrossTheEdge() =>
        CropSampler.ToRgb(_frame, AffineMatrix.CropToFrame(350, 150, 230, 0.1f, Size), Size, Size, 1 / 255f, 0, _rgb);

    [Benchmark]
    public void WholeFrame() =>
        CropSampler.ToRgb(
            _frame,
            new AffineMatrix(400f / Size, 0, 0, 0, 400f / Size, -50),
            Size,
            Size,
            1 / 255f,
            0,
            _rgb
        );

    private static AffineMatrix Face => AffineMatrix.CropToFrame(200, 150, 230, 0.1f, Size);
}
