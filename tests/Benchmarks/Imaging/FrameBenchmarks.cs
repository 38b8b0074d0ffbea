using BenchmarkDotNet.Attributes;
using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Redaction;
using FaceFusion.Batch.Imaging.Scenes;

namespace FaceFusion.Batch.Benchmarks.Imaging;

/// <summary>What is done once a frame, and covering a face of an eighth of its width.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly byte[] _thumbnail = new byte[LumaThumbnail.Length];
    private FramePool? _pool;
    private Frame _frame = null!;
    private CoverRegion _region;

    [Params(8, 10)]
    public int BitDepth { get; set; }

    [GlobalSetup]
    public void Open()
    {
        (_pool, _frame) = BenchmarkFrame.Noise(1920, 1080, BitDepth);
        _region = CoverRegion.Of(800, 300, 240, 300, 0.25f, _frame.Format);
    }

    [GlobalCleanup]
    public void Close() => _pool?.Dispose();

    [Benchmark]
    public void Thumbnail() => LumaThumbnail.Read(_frame, _thumbnail);

    [Benchmark]
    public void Blur() => CellCover.Blur(_frame, _region, 37);

    [Benchmark]
    public void Pixelate() => CellCover.Pixelate(_frame, _region, 42);

    [Benchmark]
    public void Solid() => SolidCover.Apply(_frame, _region, CanvasColor.Black);
}
