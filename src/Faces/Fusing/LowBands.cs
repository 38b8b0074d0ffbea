using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The slowly varying part of a patch, at a quarter (or half, or an eighth) of its resolution: the light that the target has and the
/// source has not, the low band for blending, and how far inside the face a pixel lies.
/// </summary>
internal sealed class LowBands
{
    /// <summary>Radius over which light is taken from the target, in face widths.</summary>
    private const float LightRadius = 0.17f;

    /// <summary>Radius of <see cref="Deep"/>, in face widths.</summary>
    private const float DeepRadius = 0.07f;

    /// <summary>Radius that parts the two bands of the blend, in face widths.</summary>
    private const float BandRadius = 0.03f;
    private const int PlaneCount = 8;
    private const float Smallest = 1e-3f;
    private float[] _small = [];
    private float[] _wide = [];
    private float[] _scratch = [];
    private int _smallStride;
    private int _wideStride;

    /// <summary>Pixels of the patch for one value, in each direction.</summary>
    public int Factor { get; private set; }

    /// <summary>Rows of each low-resolution plane, already widened to the patch's width.</summary>
    public ReadOnlySpan<float> LightY => Wide(0);

    public ReadOnlySpan<float> LightCb => Wide(1);

    public ReadOnlySpan<float> LightCr => Wide(2);

    public ReadOnlySpan<float> BandY => Wide(3);

    /// <summary>Opacity blurred by the feather: one half on the outline of what is shown.</summary>
    public ReadOnlySpan<float> Inside => Wide(4);

    /// <summary>Opacity blurred as widely as the light: 1 only deep inside.</summary>
    public ReadOnlySpan<float> Deep => Wide(5);

    private Span<float> Wide(int plane) => _wide.AsSpan(plane * _wideStride, _wideStride);

    public void Find(FusePatch patch, float faceWidth, float feather)
    {
        Factor = faceWidth switch
        {
            < 40 => 1,
            < 90 => 2,
            < 300 => 4,
            _ => 8,
        };
        int width = patch.Width / Factor;
        int height = patch.Height / Factor;
        Reserve(width, height, patch.Width);
        Span<float> lightY = Small(0, width * height);
        Span<float> lightCb = Small(1, width * height);
        Span<float> lightCr = Small(2, width * height);
        Span<float> band = Small(3, width * height);
        Span<float> inside = Small(4, width * height);
        Span<float> deep = Small(5, width * height);
        Span<float> skin = Small(6, width * height);
        Span<float> opacity = Small(7, width * height);
        Gather(patch);
        Blur(skin, width, height, LightRadius * faceWidth);
        Blur(lightY, width, height, LightRadius * faceWidth);
        Blur(lightCb, width, height, LightRadius * faceWidth);
        Blur(lightCr, width, height, LightRadius * faceWidth);
        opacity.CopyTo(inside);
        opacity.CopyTo(deep);
        Blur(deep, width, height, DeepRadius * faceWidth);
        Blur(opacity, width, height, BandRadius * faceWidth);
        Blur(band, width, height, BandRadius * faceWidth);
        Blur(inside, width, height, feather * faceWidth * 0.5f);
        for (int i = 0; i < skin.Length; i++)
        {
            float light = 1 / MathF.Max(skin[i], Smallest);
            lightY[i] *= light;
            lightCb[i] *= light;
            lightCr[i] *= light;
            band[i] /= MathF.Max(opacity[i], Smallest);
        }

        for (int plane = 0; plane < 6; plane++)
        {
            Widen(Small(plane, width * height), width, height, Wide(plane));
        }
    }

    private void Blur(Span<float> plane, int width, int height, float radius)
    {
        int small = Math.Max(1, (int)MathF.Round(radius / Factor));
        BoxBlur.Apply(plane, width, height, small, 3, _scratch);
    }

    private Span<float> Small(int plane, int count) => _small.AsSpan(plane * _smallStride, count);

    private void Reserve(int width, int height, int fullWidth)
    {
        int small = width * height;
        if (_smallStride < small)
        {
            _smallStride = small + (small / 4);
            _small = new float[_smallStride * PlaneCount];
            _scratch = new float[_smallStride];
        }

        int wide = fullWidth * height;
        if (_wideStride < wide)
        {
            _wideStride = wide + (wide / 4);
            _wide = new float[_wideStride * 6];
        }
    }

    /// <summary>Sums over the blocks of differences target − source, weighted; and of the weights.</summary>
    private void Gather(FusePatch patch)
    {
        int width = patch.Width / Factor;
        int height = patch.Height / Factor;
        float share = 1f / (Factor * Factor);
        Span<float> ty = patch.TargetY;
        Span<float> tb = patch.TargetCb;
        Span<float> tr = patch.TargetCr;
        Span<float> sy = patch.SourceY;
        Span<float> sb = patch.SourceCb;
        Span<float> sr = patch.SourceCr;
        Span<float> skins = patch.Skin;
        Span<float> opacities = patch.Opacity;
        Span<float> depth = patch.Depth;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float ly = 0;
                float lb = 0;
                float lr = 0;
                float by = 0;
                float ws = 0;
                float wo = 0;
                for (int j = 0; j < Factor; j++)
                {
                    int row = (((y * Factor) + j) * patch.Width) + (x * Factor);
                    for (int i = row; i < row + Factor; i++)
                    {
                        if (depth[i] >= RasterTarget.Empty)
                        {
                            continue;
                        }

                        float o = opacities[i];
                        float w = skins[i] * o;
                        float d = ty[i] - sy[i];
                        ly += w * d;
                        lb += w * (tb[i] - sb[i]);
                        lr += w * (tr[i] - sr[i]);
                        by += o * d;
                        ws += w;
                        wo += o;
                    }
                }

                int to = (y * width) + x;
                _small[to] = ly * share;
                _small[to + _smallStride] = lb * share;
                _small[to + (2 * _smallStride)] = lr * share;
                _small[to + (3 * _smallStride)] = by * share;
                _small[to + (6 * _smallStride)] = ws * share;
                _small[to + (7 * _smallStride)] = wo * share;
            }
        }
    }

    /// <summary>Widens each row to the patch's width, linearly between the middles of the blocks.</summary>
    private void Widen(ReadOnlySpan<float> small, int width, int height, Span<float> wide)
    {
        int full = width * Factor;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> from = small.Slice(y * width, width);
            Span<float> to = wide.Slice(y * full, full);
            for (int x = 0; x < full; x++)
            {
                float at = Math.Clamp(((x + 0.5f) / Factor) - 0.5f, 0, width - 1);
                int left = (int)at;
                int right = Math.Min(left + 1, width - 1);
                to[x] = from[left] + ((from[right] - from[left]) * (at - left));
            }
        }
    }
}
