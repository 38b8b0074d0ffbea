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

    /// <summary>Pixels that are drawn and coloured at a time: what is not needed afterwards stays in the second cache.</summary>
    private const int BandPixels = 1 << 14;

    private const int PlaneCount = 11;
    private const int SkinPlane = 7;
    private const int BandPlanes = 4;
    private float[] _values = [];
    private float[] _band = [];
    private int _stride;
    private int _bandStride;

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

    public Span<float> Skin => Plane(SkinPlane);

    public Span<float> Mask => Plane(8);

    public Span<float> ScratchA => Plane(9);

    public Span<float> ScratchB => Plane(10);

    /// <summary>The three source colours and the opacity, one after another.</summary>
    public Span<float> Source => _values.AsSpan(3 * _stride, 4 * _stride);

    public int Stride => _stride;

    /// <summary>Rows of a band that is drawn at a time.</summary>
    public int BandRows => Math.Max(1, BandPixels / Width);

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

        int band = RasterTarget.RequiredLength(region.Width, BandRows);
        if (band > _bandStride)
        {
            _bandStride = band + (band / 4);
            _band = new float[_bandStride * BandPlanes];
        }
    }

    /// <summary>
    /// The rows from one on to be drawn: depth, place in the texture (A and B) and facing (C), which last until the next band is asked for,
    /// and <see cref="Skin"/> (D), which stays.
    /// </summary>
    public RasterTarget Band(int top)
    {
        int rows = Math.Min(BandRows, Height - top);
        Span<float> skin = _values.AsSpan(SkinPlane * _stride, _stride)[(top * Width)..];
        return new RasterTarget(Width, rows, Drawn(0), Drawn(1), Drawn(2), Drawn(3), skin, top);
    }

    public void Clear() => Region = default;

    private Span<float> Plane(int plane) => _values.AsSpan(plane * _stride, Count);

    private Span<float> Drawn(int plane) => _band.AsSpan(plane * _bandStride, _bandStride);
}
