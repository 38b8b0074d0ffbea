using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification, sample by sample.</summary>
public static unsafe partial class PasteBack
{
    /// <summary>Weight of one patch pixel: 0..1, and 0 for what is not a number.</summary>
    private static float Weight(float mask, float strength)
    {
        float weight = mask * strength;
        return weight > 0 ? Math.Min(weight, 1) : 0;
    }

    /// <summary>Nearest sample; not a number gives 0.</summary>
    private static int Round(float value, int peak) => (int)(Math.Clamp(value, 0, peak) + 0.5f);

    internal static void BlendLumaScalar<T, TKind>(
        T* plane,
        FrameFormat format,
        PixelRect region,
        PixelRect inside,
        in SampleRange range,
        float* patch,
        float* mask,
        float strength
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        float gain = 1 / range.LumaGain;
        for (int row = inside.Y; row < inside.Bottom; row++)
        {
            T* line = plane + ((nint)row * format.Width);
            nint from = ((nint)(row - region.Y) * region.Width) - region.X;
            for (int column = inside.X; column < inside.Right; column++)
            {
                float weight = Weight(mask[from + column], strength);
                if (weight > 0)
                {
                    float old = TKind.ToFloat(line[column]);
                    float wanted = (patch[from + column] * gain) + range.LumaBlack;
                    line[column] = TKind.FromInt(Round(old + (weight * (wanted - old)), range.Peak));
                }
            }
        }
    }

    internal static void BlendChromaScalar<T, TKind>(
        T* planeU,
        T* planeV,
        FrameFormat format,
        PixelRect region,
        PixelRect inside,
        in SampleRange range,
        float* patchCb,
        float* patchCr,
        float* mask,
        float strength
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        ChromaTaps across = ChromaTaps.Horizontal(format);
        ChromaTaps down = ChromaTaps.Vertical(format);
        float gain = 1 / range.ChromaGain;
        int lastRow = (inside.Bottom - 1) / down.Step;
        int lastColumn = (inside.Right - 1) / across.Step;
        for (int row = inside.Y / down.Step; row <= lastRow; row++)
        {
            for (int column = inside.X / across.Step; column <= lastColumn; column++)
            {
                float covered = 0,
                    sum = 0,
                    sumCb = 0,
                    sumCr = 0;
                for (int i = -1; i <= 1; i++)
                {
                    int x = (column * across.Step) + i;
                    float weightX =
                        i < 0 ? across.Before
                        : i > 0 ? across.After
                        : across.At;
                    for (int j = -1; j <= 1; j++)
                    {
                        int y = (row * down.Step) + j;
                        float weightY =
                            j < 0 ? down.Before
                            : j > 0 ? down.After
                            : down.At;
                        if (x < inside.X || x >= inside.Right || y < inside.Y || y >= inside.Bottom)
                        {
                            continue;
                        }

                        nint at = ((nint)(y - region.Y) * region.Width) + (x - region.X);
                        float weight = Weight(mask[at], strength);
                        if (i >= 0 && j >= 0 && i < across.Step && j < down.Step)
                        {
                            covered += weight;
                        }

                        weight *= weightX * weightY;
                        if (weight > 0)
                        {
                            sum += weight;
                            sumCb += weight * patchCb[at];
                            sumCr += weight * patchCr[at];
                        }
                    }
                }

                if (covered > 0)
                {
                    nint to = ((nint)row * format.ChromaWidth) + column;
                    float oldU = TKind.ToFloat(planeU[to]);
                    float oldV = TKind.ToFloat(planeV[to]);
                    float newU = oldU + (((sumCb * gain) + (sum * range.ChromaZero)) - (sum * oldU));
                    float newV = oldV + (((sumCr * gain) + (sum * range.ChromaZero)) - (sum * oldV));
                    planeU[to] = TKind.FromInt(Round(newU, range.Peak));
                    planeV[to] = TKind.FromInt(Round(newV, range.Peak));
                }
            }
        }
    }
}
