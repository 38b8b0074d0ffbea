using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The planes that one face of one frame is worked on in. Width and height are multiples of <see cref="Grain"/>, so that vectors and
/// low-resolution blocks come out even; the region may therefore reach beyond the frame. Grows to the largest face seen, then stays.
/// </summary>
internal sealed class FusePatch
{
    /// <summary>Width and height are multiples of this.</summary>
    public const int Grain = 16;

    private const int PlaneCount = 16;
    private float[] _values = [];
    private int _stride;

    public PixelRect Region { get; private set; }

    public int Width => Region.Width;

    public int Height => Region.Height;

    public int Count => Region.Area;

    public Span<float> TargetY => Plane(0);

    public Span<float> TargetCb => Plane(1);

    public Span<float> TargetCr => Plane(2);

    public Span<float> SourceY => Plane(3);

    public Span<float> SourceCb => Plane(4);

    public Span<float> SourceCr => Plane(5);

    /// <summary>How much of the source a pixel may take, from texture, facing and kept regions.</summary>
    public Span<float> Opacity => Plane(6);

    public Span<float> Depth => Plane(7);

    public Span<float> Facing => Plane(10);

    public Span<float> Skin => Plane(11);

    public Span<float> Mask => Plane(12);

    public Span<float> ScratchA => Plane(13);

    public Span<float> ScratchB => Plane(14);

    public Span<float> ScratchC => Plane(15);

    /// <summary>The three source colours and the opacity, one after another.</summary>
    public Span<float> Source => _values.AsSpan(3 * _stride, 4 * _stride);

    public int Stride => _stride;

    public RasterTarget Raster => new(Width, Height, Padded(7), Padded(8), Padded(9), Padded(10), Padded(11));

    public void Begin(PixelRect region)
    {
        Region = region;
        int needed = RasterTarget.RequiredLength(region.Width, region.Height);
        if (needed > _stride)
        {
            // A little more than asked for, so that a face that comes closer does not allocate on every frame.
            _stride = (needed + (needed / 4) + 15) & ~15;
            _values = new float[_stride * PlaneCount];
        }
    }

    public void Clear() => Region = default;

    private Span<float> Plane(int plane) => _values.AsSpan(plane * _stride, Count);

    private Span<float> Padded(int plane) => _values.AsSpan(plane * _stride, _stride);
}
