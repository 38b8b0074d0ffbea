using FaceFusion.Batch.Imaging.Filtering;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The slowly varying part of a patch, at a quarter (or half, or an eighth) of its resolution: the light that the target has and the
/// source has not, the low band for blending, and how far inside the face a pixel lies.
/// </summary>
internal sealed class LowBands
{
    /// <summary>Radius over which light is taken from the target, in face widths.</summary>
    private const float LightRadius = 0.23f;

    /// <summary>Radius of <see cref="Deep"/>, in face widths.</summary>
    private const float DeepRadius = 0.07f;

    /// <summary>Radius that parts the two bands of the blend, in face widths.</summary>
    private const float BandRadius = 0.03f;

    /// <summary>Planes that are read at full width, and all that are worked on.</summary>
    private const int WidePlanes = 6;
    private const int SmallPlanes = 8;
    private const float Smallest = 1e-3f;
    private float[] _small = [];
    private float[] _wide = [];
    private float[] _scratch = [];
    private float[] _columns = [];
    private int _smallStride;
    private int _wideStride;

    /// <summary>Pixels of the patch for one value, in each direction.</summary>
    public int Factor { get; private set; }

    /// <summary>Target less source on skin, widely blurred. Rows of low resolution, already widened to the patch's width.</summary>
    public ReadOnlySpan<float> LightY => Wide(BlockSums.LightY);

    public ReadOnlySpan<float> LightCb => Wide(BlockSums.LightCb);

    public ReadOnlySpan<float> LightCr => Wide(BlockSums.LightCr);

    /// <summary>Target less source, narrowly blurred.</summary>
    public ReadOnlySpan<float> BandY => Wide(BlockSums.BandY);

    /// <summary>Opacity blurred by the feather: one half on the outline of what is shown.</summary>
    public ReadOnlySpan<float> Inside => Wide(4);

    /// <summary>Opacity blurred more widely: 1 only deep inside.</summary>
    public ReadOnlySpan<float> Deep => Wide(5);

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
        BlockSums.Gather(patch, Factor, _small, _smallStride, _columns);
        Span<float> skin = Small(6, width * height);
        Span<float> opacity = Small(7, width * height);
        Span<float> inside = Small(4, width * height);
        Span<float> deep = Small(5, width * height);
        Small(BlockSums.Skin, width * height).CopyTo(skin);
        Small(BlockSums.Opacity, width * height).CopyTo(opacity);
        opacity.CopyTo(inside);
        opacity.CopyTo(deep);
        Blur(inside, width, height, feather * faceWidth * 0.5f);
        Blur(deep, width, height, DeepRadius * faceWidth);
        Blur(skin, width, height, LightRadius * faceWidth);
        Blur(opacity, width, height, BandRadius * faceWidth);
        Normalise(BlockSums.LightY, skin, width, height, LightRadius * faceWidth);
        Normalise(BlockSums.LightCb, skin, width, height, LightRadius * faceWidth);
        Normalise(BlockSums.LightCr, skin, width, height, LightRadius * faceWidth);
        Normalise(BlockSums.BandY, opacity, width, height, BandRadius * faceWidth);
        for (int plane = 0; plane < WidePlanes; plane++)
        {
            Widen(Small(plane, width * height), width, height, Wide(plane));
        }
    }

    private Span<float> Small(int plane, int count) => _small.AsSpan(plane * _smallStride, count);

    private Span<float> Wide(int plane) => _wide.AsSpan(plane * _wideStride, _wideStride);

    private void Blur(Span<float> plane, int width, int height, float radius)
    {
        int small = Math.Max(1, (int)MathF.Round(radius / Factor));
        BoxBlur.Apply(plane, width, height, small, 3, _scratch);
    }

    /// <summary>Blurs a plane of weighted values and divides by the weights, blurred alike.</summary>
    private void Normalise(int plane, ReadOnlySpan<float> weights, int width, int height, float radius)
    {
        Span<float> values = Small(plane, width * height);
        Blur(values, width, height, radius);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] /= MathF.Max(weights[i], Smallest);
        }
    }

    private void Reserve(int width, int height, int fullWidth)
    {
        int small = width * height;
        if (_smallStride < small)
        {
            _smallStride = small + (small / 4);
            _small = new float[_smallStride * SmallPlanes];
            _scratch = new float[_smallStride];
        }

        int wide = fullWidth * height;
        if (_wideStride < wide)
        {
            _wideStride = wide + (wide / 4);
            _wide = new float[_wideStride * WidePlanes];
        }

        int columns = fullWidth * BlockSums.PlaneCount;
        if (_columns.Length < columns)
        {
            _columns = new float[columns + (columns / 4)];
        }
    }

    /// <summary>Widens each row to the patch's width, linearly between the middles of the blocks.</summary>
    private void Widen(ReadOnlySpan<float> small, int width, int height, Span<float> wide)
    {
        int full = width * Factor;
        int half = Factor / 2;
        float step = 1f / Factor;
        if (Factor == 1)
        {
            small.CopyTo(wide);
            return;
        }

        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> from = small.Slice(y * width, width);
            Span<float> to = wide.Slice(y * full, full);
            to[..half].Fill(from[0]);
            to[^half..].Fill(from[^1]);
            for (int x = 0; x + 1 < width; x++)
            {
                float left = from[x];
                float slope = (from[x + 1] - left) * step;
                Span<float> between = to.Slice((x * Factor) + half, Factor);
                for (int k = 0; k < between.Length; k++)
                {
                    between[k] = left + (slope * (k + 0.5f));
                }
            }
        }
    }
}
