namespace FaceFusion.Batch.Imaging.Color;

/// <summary>
/// sRGB to CIE L*a*b* (D65) and back in bytes, to the last bit as OpenCV 4 does it: L is 0..255 for 0..100, a and b have 128 added. There
/// every step is a table or a whole number: light linear in 1/2040, the cube root in 1/32768, and back in 1/16384 and 1/4096. Two such
/// steps lose up to a few levels, which networks that are fed through them expect. Compared with OpenCV over all 2²⁴ colours, both ways.
/// </summary>
public static class Lab8
{
    private const int LinearShift = 3;
    private const int LinearOne = 255 << LinearShift;
    private const int CoefficientShift = 12;
    private const int RootShift = CoefficientShift + LinearShift;
    private const int Base = 1 << 14;
    private const int GammaSteps = 1 << 12;

    /// <summary>Smallest cube root that bytes of L and a or b can ask for, in 1/16384.</summary>
    private const int LowestRoot = -8145;

    /// <summary>Where the straight part of the curve ends: 6/29 in 1/16384.</summary>
    private const int StraightEnd = 3390;

    /// <summary>Linear R, G, B to X, Y, Z (ITU-R BT.709 primaries), each over the white's, in 1/4096.</summary>
    private static readonly int[] ToXyz = [1777, 1541, 778, 871, 2929, 296, 73, 448, 3575];

    /// <summary>X, Y, Z over the white's to linear R, G, B, in 1/4096.</summary>
    private static readonly int[] FromXyz = [12615, -6296, -2223, -3773, 7684, 185, 217, -836, 4715];

    private static readonly ushort[] Linear = LinearTable();
    private static readonly byte[] Gamma = GammaTable();
    private static readonly ushort[] Root = RootTable();
    private static readonly (int Light, int Root)[] OfLightness = LightnessTable();
    private static readonly int[] Cube = CubeTable();

    /// <summary>Converts as many values as <paramref name="r"/> holds. The output may be the input's own spans.</summary>
    /// <exception cref="ArgumentException">A span is shorter than <paramref name="r"/>.</exception>
    public static void FromRgb(
        ReadOnlySpan<byte> r,
        ReadOnlySpan<byte> g,
        ReadOnlySpan<byte> b,
        Span<byte> lightness,
        Span<byte> greenRed,
        Span<byte> blueYellow
    )
    {
        const int LightnessScale = ((116 * 255) + 50) / 100;
        const int LightnessShift = ((16 * 255 << RootShift) + 50) / 100;
        const int Zero = 128 << RootShift;
        int count = r.Length;
        g = g[..count];
        b = b[..count];
        lightness = lightness[..count];
        greenRed = greenRed[..count];
        blueYellow = blueYellow[..count];
        ReadOnlySpan<int> m = ToXyz;
        for (int i = 0; i < count; i++)
        {
            int red = Linear[r[i]];
            int green = Linear[g[i]];
            int blue = Linear[b[i]];
            int x = Root[Descale((red * m[0]) + (green * m[1]) + (blue * m[2]), CoefficientShift)];
            int y = Root[Descale((red * m[3]) + (green * m[4]) + (blue * m[5]), CoefficientShift)];
            int z = Root[Descale((red * m[6]) + (green * m[7]) + (blue * m[8]), CoefficientShift)];
            lightness[i] = ToByte(Descale((LightnessScale * y) - LightnessShift, RootShift));
            greenRed[i] = ToByte(Descale((500 * (x - y)) + Zero, RootShift));
            blueYellow[i] = ToByte(Descale((200 * (y - z)) + Zero, RootShift));
        }
    }

    /// <summary>Converts as many values as <paramref name="lightness"/> holds. The output may be the input's own spans.</summary>
    /// <exception cref="ArgumentException">A span is shorter than <paramref name="lightness"/>.</exception>
    public static void ToRgb(
        ReadOnlySpan<byte> lightness,
        ReadOnlySpan<byte> greenRed,
        ReadOnlySpan<byte> blueYellow,
        Span<byte> r,
        Span<byte> g,
        Span<byte> b
    )
    {
        int count = lightness.Length;
        greenRed = greenRed[..count];
        blueYellow = blueYellow[..count];
        r = r[..count];
        g = g[..count];
        b = b[..count];
        ReadOnlySpan<int> m = FromXyz;
        for (int i = 0; i < count; i++)
        {
            (int y, int root) = OfLightness[lightness[i]];

            // a / 500 and b / 200 in 1/16384, by multiplication.
            int fromA = (((5 * greenRed[i] * 53687) + 128) >> 13) - (128 * Base / 500);
            int fromB = (((blueYellow[i] * 41943) + 16) >> 9) - (128 * Base / 200) + 1;
            int x = Cube[root + fromA - LowestRoot];
            int z = Cube[root - fromB - LowestRoot];
            r[i] = ToGamma((m[0] * x) + (m[1] * y) + (m[2] * z));
            g[i] = ToGamma((m[3] * x) + (m[4] * y) + (m[5] * z));
            b[i] = ToGamma((m[6] * x) + (m[7] * y) + (m[8] * z));
        }
    }

    private static byte ToGamma(int linear) => Gamma[Math.Clamp(Descale(linear, 14), 0, GammaSteps - 1)];

    private static int Descale(int value, int shift) => (value + (1 << (shift - 1))) >> shift;

    private static byte ToByte(int value) => (byte)Math.Clamp(value, 0, 255);

    /// <summary>sRGB bytes to linear light (IEC 61966-2-1).</summary>
    private static ushort[] LinearTable()
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            double value = i / 255.0;
            double linear = value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
            table[i] = (ushort)Math.Round(LinearOne * linear);
        }

        return table;
    }

    private static byte[] GammaTable()
    {
        byte[] table = new byte[GammaSteps];
        for (int i = 0; i < table.Length; i++)
        {
            double linear = i / (double)GammaSteps;
            double value = linear <= 0.0031308 ? linear * 12.92 : (Math.Pow(linear, 1 / 2.4) * 1.055) - 0.055;
            table[i] = (byte)Math.Round(255 * value);
        }

        return table;
    }

    /// <summary>The curve f of L*a*b*: a cube root, straight near 0. In floats as there, where a few entries fall on the other side of a half.</summary>
    private static ushort[] RootTable()
    {
        ushort[] table = new ushort[256 * 3 / 2 << LinearShift];
        const float Step = 1f / LinearOne;
        for (int i = 0; i < table.Length; i++)
        {
            float value = Step * i;
            float root =
                value < 216f / 24389 ? (float)((value * (double)(841f / 108)) + (16f / 116)) : (float)Math.Cbrt(value);
            table[i] = (ushort)MathF.Round((1 << RootShift) * root);
        }

        // OpenCV's own cube root is one step low here: the true value lies within a float's step of the half.
        table[324] = 17745;
        return table;
    }

    /// <summary>For each byte of L the light Y and its root, in 1/16384.</summary>
    private static (int Light, int Root)[] LightnessTable()
    {
        (int, int)[] table = new (int, int)[256];
        for (int i = 0; i < table.Length; i++)
        {
            // 20 of 255 is 8 of 100, where the curve becomes straight.
            double root = i <= 20 ? Base * ((16 / 116.0) + (i * 5 / (3.0 * 17 * 29))) : Base * ((i / 2.55) + 16) / 116;
            double light =
                i <= 20 ? Base * i * 180 / (17.0 * 29 * 29 * 29) : root * root * root / ((double)Base * Base);
            table[i] = ((int)Math.Round(light), (int)Math.Round(root));
        }

        return table;
    }

    /// <summary>The curve's inverse, by whole divisions.</summary>
    private static int[] CubeTable()
    {
        int[] table = new int[Base * 9 / 4];
        for (int i = 0; i < table.Length; i++)
        {
            int root = i + LowestRoot;
            table[i] =
                root <= StraightEnd
                    ? (root * 108 / 841) - (Base * 16 / 116 * 108 / 841)
                    : root * root / Base * root / Base;
        }

        return table;
    }
}
