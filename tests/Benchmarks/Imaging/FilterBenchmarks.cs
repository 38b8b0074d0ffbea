using BenchmarkDotNet.Attributes;
using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Masking;
using FaceFusion.Batch.Imaging.Statistics;

namespace FaceFusion.Batch.Benchmarks.Imaging;

/// <summary>What the fuser does with a 170×210 plane.</summary>
[MemoryDiagnoser]
public class FilterBenchmarks
{
    private const int Width = 170;
    private const int Height = 210;
    private readonly float[] _plane = new float[Width * Height];
    private readonly float[] _scratch = new float[Width * Height];
    private readonly float[] _small = new float[43 * 53];
    private readonly float[] _ring = new float[72];

    [GlobalSetup]
    public void Fill()
    {
        Random random = new(1);
        foreach (ref float value in _plane.AsSpan())
        {
            value = 255 * random.NextSingle();
        }

        for (int i = 0; i < _ring.Length / 2; i++)
        {
            _ring[2 * i] = 85 + (70 * MathF.Cos(i * MathF.Tau / 36));
            _ring[(2 * i) + 1] = 105 + (90 * MathF.Sin(i * MathF.Tau / 36));
        }
    }

    [Benchmark(Baseline = true)]
    public void OneBoxPassScalar() => BoxBlur.DownScalar(_plane, _scratch, Width, Height, 12);

    [Benchmark]
    public void TripleBoxBlur() => BoxBlur.Apply(_plane, Width, Height, 12, 3, _scratch);

    [Benchmark]
    public void DownscaleByFour() => Downscale.Apply(_plane, Width, Height, 4, _small);

    [Benchmark]
    public void UpscaleByFour() => Upscale.Apply(_small, 4, _scratch, Width, Height);

    [Benchmark]
    public WeightedMoments Moments() => WeightedMoments.Of(_plane, _scratch);

    [Benchmark]
    public void FaceOval() => PolygonMask.Fill(_ring, _scratch, Width, Height, 1e-6f);
}
