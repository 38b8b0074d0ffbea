using FaceFusion.Batch.Benchmarks.Imaging;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Masking;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.Imaging.Statistics;

namespace FaceFusion.Batch.Benchmarks.Kernels;

/// <summary>
/// The kernels of a swap, by the names that the other side of the comparison knows, too: a face of 600 × 600 pixels, turned by 17°, in a
/// frame of 1080p, and a crop of 256 × 256. What is scaled down is the crop of 192 × 192 that finds landmarks, of a face that fills 700 × 700
/// pixels with its surroundings and is turned by 3°.
/// </summary>
internal sealed class KernelCalls : IDisposable
{
    private const int Edge = 256;
    private const int MeshEdge = 192;
    private const int Large = 4 * Edge;
    private static readonly PixelRect Region = new(660, 240, 600, 600);

    private readonly AffineMatrix _toFrame = AffineMatrix.CropToFrame(960, 540, 600, 0.3f, Edge);
    private readonly AffineMatrix _minified = AffineMatrix.CropToFrame(960, 540, 700, 0.05f, MeshEdge);
    private readonly FramePool _pool;
    private readonly Frame _frame;
    private readonly float[] _crop = Noise(3 * Edge * Edge, 255);
    private readonly float[] _mask = Noise(Edge * Edge, 1);
    private readonly float[] _packed = new float[3 * Edge * Edge];
    private readonly float[] _scratch = new float[Edge * Edge];
    private readonly float[] _small = Noise(Edge * Edge, 255);
    private readonly float[] _large = Noise(Large * Large, 255);
    private readonly float[] _into = new float[Large * Large];
    private readonly float[] _colors = Noise(3 * Region.Area, 100);
    private readonly float[] _converted = new float[3 * Region.Area];
    private readonly float[] _regionMask = Noise(Region.Area, 1);
    private readonly float[] _corners = Ellipse(36);
    private readonly GaussianBlur _gaussian = new(Edge, 5);
    private readonly FaceCrop _packing = new(
        new ModelInput
        {
            Width = Edge,
            Height = Edge,
            Mean = new PerChannel(127.5f),
            Std = new PerChannel(127.5f),
        }
    );

    public KernelCalls()
    {
        (_pool, _frame) = BenchmarkFrame.Noise(1920, 1080, 8);
        All = new Dictionary<string, Action?>
        {
            // Crops are sampled from the frame's own planes, so there is nothing to convert first.
            ["frame to RGB"] = null,
            ["crop from YUV"] = () =>
                CropSampler.ToRgb(_frame, _toFrame, Edge, Edge, 1, 0, _packed, CropBorder.Replicate, CropTaps.Single),
            ["crop from YUV, turned and scaled down"] = () =>
                CropSampler.ToRgb(_frame, _minified, MeshEdge, MeshEdge, 1f / 255, 0, _packed),
            ["paste a crop"] = () => PasteBack.BlendCrop(_frame, _toFrame, Edge, Edge, _crop, _mask),
            ["blend a region"] = () =>
                PasteBack.Blend(
                    _frame,
                    Region,
                    Plane(_colors, 0),
                    Plane(_colors, 1),
                    Plane(_colors, 2),
                    _regionMask,
                    1
                ),
            ["RGB to YUV"] = () =>
                RgbToYuv.Convert(
                    YuvMatrix.Bt709,
                    Plane(_colors, 0),
                    Plane(_colors, 1),
                    Plane(_colors, 2),
                    Plane(_converted, 0),
                    Plane(_converted, 1),
                    Plane(_converted, 2)
                ),
            ["box blur"] = () => BoxBlur.Apply(_mask, Edge, Edge, 8, 3, _scratch),
            ["Gaussian blur"] = () => _gaussian.Apply(_mask),
            ["scale down"] = () => Downscale.Apply(_large, Large, Large, 4, _into),
            ["scale up"] = () => Upscale.Apply(_small, 4, _into, Large, Large),
            ["polygon mask"] = () => PolygonMask.Fill(_corners, _scratch, Edge, Edge, 1),
            ["colour statistics"] = () =>
            {
                for (int plane = 0; plane < 3; plane++)
                {
                    _ = WeightedMoments.Of(_crop.AsSpan(plane * Edge * Edge, Edge * Edge), _mask);
                }
            },
            ["tensor packing"] = () => _packing.Fill(_crop, _packed),
        };
    }

    /// <summary>By name; null: there is no such step here.</summary>
    public IReadOnlyDictionary<string, Action?> All { get; }

    public void Dispose() => _pool.Dispose();

    private static Span<float> Plane(float[] planes, int number) => planes.AsSpan(number * Region.Area, Region.Area);

    private static float[] Noise(int count, float most)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => most * random.NextSingle())];
    }

    private static float[] Ellipse(int corners) =>
        [
            .. Enumerable
                .Range(0, corners)
                .Select(i => 2 * MathF.PI * i / corners)
                .SelectMany(angle => (float[])[128 + (90 * MathF.Cos(angle)), 128 + (110 * MathF.Sin(angle))]),
        ];
}
