using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Landmark networks with the inputs and outputs of FaceFusion's, whose weights are the answer.</summary>
public static class LandmarkNetworks
{
    /// <summary>
    /// 68 points of a plain face, x, y each, as fractions of a crop by the template <c>ffhq_512</c>: the points from which five are made lie
    /// on the template's.
    /// </summary>
    public static float[] PlainFace()
    {
        ReadOnlySpan<float> five = FaceTemplate.Ffhq512.Fractions;
        float[] xy = new float[136];
        void Put(int point, float x, float y)
        {
            xy[2 * point] = x;
            xy[(2 * point) + 1] = y;
        }

        for (int i = 0; i <= 16; i++)
        {
            (float sin, float cos) = MathF.SinCos(MathF.PI * i / 16);
            Put(i, 0.5f - (0.27f * cos), 0.5f + (0.33f * sin));
        }

        for (int i = 0; i < 5; i++)
        {
            Put(17 + i, 0.3f + (0.0375f * i), 0.4f);
            Put(22 + i, 0.55f + (0.0375f * i), 0.4f);
            Put(31 + i, 0.45f + (0.025f * i), 0.64f);
        }

        for (int i = 0; i < 4; i++)
        {
            Put(27 + i, 0.5f + ((five[4] - 0.5f) * i / 3), 0.47f + ((five[5] - 0.47f) * i / 3));
        }

        for (int i = 0; i < 6; i++)
        {
            (float sin, float cos) = MathF.SinCos(MathF.PI * i / 3);
            Put(36 + i, five[0] - (0.03f * cos), five[1] - (0.015f * sin));
            Put(42 + i, five[2] - (0.03f * cos), five[3] - (0.015f * sin));
        }

        Mouth(five, 48, 12, 0.04f, Put);
        Mouth(five, 60, 8, 0.02f, Put);
        return xy;
    }

    /// <summary>
    /// Guesses 68 points from five: a plain face, moved as far as the five's mean lies off the template's. Five that were laid on the
    /// template have the same mean.
    /// </summary>
    public static byte[] Expander()
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 5, 2);
        ReadOnlySpan<float> five = FaceTemplate.Ffhq512.Fractions;
        float x = (five[0] + five[2] + five[4] + five[6] + five[8]) / 5;
        float y = (five[1] + five[3] + five[5] + five[7] + five[9]) / 5;
        string mean = net.Node(
            "ReduceMean",
            [input],
            OnnxAttribute.OfMany("axes", 1),
            OnnxAttribute.Of("keepdims", 1L)
        );
        string shift = net.Node("Sub", [mean, net.Constant([1, 1, 2], [x, y])]);
        string points = net.Node("Add", [net.Constant([1, 68, 2], PlainFace()), shift]);
        net.Output("output", points, OnnxType.Float, 1, 68, 2);
        return net.ToBytes("fan-68-5");
    }

    /// <summary>2DFAN-4: points in cells of a heat map, and heat maps that are low but for one cell.</summary>
    /// <param name="xy">68 points in cells, 0 to 64.</param>
    /// <param name="peaks">The highest value of each map.</param>
    public static byte[] Fan(float[] xy, float[] peaks, ExpectedInput? expected = null)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 256, 256);
        string factor = DetectorNetworks.Factor(net, input, expected);
        float[] map = new float[64 * 64];
        map.AsSpan().Fill(0.01f);
        map[(17 * 64) + 5] = 1;
        string heights = net.Node("Mul", [net.Constant([1, 68, 1, 1], peaks), factor]);
        string maps = net.Node("Mul", [net.Constant([1, 1, 64, 64], map), heights]);
        net.Output("landmarks", net.Constant([1, 68, 3], WithThird(xy, [.. peaks])), OnnxType.Float, 1, 68, 3);
        net.Output("heatmaps", maps, OnnxType.Float, 1, 68, 64, 64);
        return net.ToBytes("2dfan4");
    }

    /// <summary>peppa_wutz: one row of x, y and confidence of each point.</summary>
    /// <param name="xy">68 points in cells, 0 to 64.</param>
    public static byte[] Peppa(float[] xy, float[] confidences, ExpectedInput? expected = null)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 256, 256);
        string factor = DetectorNetworks.Factor(net, input, expected);
        string points = net.Constant([1, 204], WithThird(xy, new float[68]));
        string third = net.Constant([1, 204], WithThird(new float[136], confidences));
        string output = net.Node("Add", [points, net.Node("Mul", [third, factor])]);
        net.Output("output", output, OnnxType.Float, 1, 204);
        return net.ToBytes("peppa-wutz");
    }

    private static float[] WithThird(float[] xy, float[] third) =>
        [.. third.SelectMany((value, i) => new[] { xy[2 * i], xy[(2 * i) + 1], value })];

    /// <summary>Round the mouth from its left corner over its upper edge.</summary>
    private static void Mouth(
        ReadOnlySpan<float> five,
        int first,
        int count,
        float height,
        Action<int, float, float> put
    )
    {
        float x = (five[6] + five[8]) / 2;
        for (int i = 0; i < count; i++)
        {
            (float sin, float cos) = MathF.SinCos(2 * MathF.PI * i / count);
            float share = (1 - cos) / 2;
            float y = five[7] + ((five[9] - five[7]) * share);
            put(first + i, x - ((five[8] - five[6]) / 2 * cos), y - (height * sin));
        }
    }
}
