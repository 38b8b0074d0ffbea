using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Benching;

/// <summary>Swap networks with the contract of the inswapper family: source [N, 512] and target [N, 3, 128, 128], values 0 to 1.</summary>
internal static class SwapperNetworks
{
    public const int Size = 128;
    public const int SourceLength = 512;

    private const int Blocks = 6;
    private const int Width = 1024;

    /// <summary>Gives the crop back.</summary>
    public static byte[] Free()
    {
        OnnxBuilder net = new();
        (string source, string target) = Inputs(net);
        string mean = net.Node("ReduceMean", [source], OnnxAttribute.OfMany("axes", 1L));
        string nothing = net.Node("Mul", [net.Node("Unsqueeze", [mean, net.Integers(2, 3)]), net.Scalar(0)]);
        return Finish(net, net.Node("Add", [target, nothing]));
    }

    /// <summary>
    /// 138 million random weights in the published network's shape: 7x7 to 128 channels, down to 1024 at 32x32, six residual blocks of two
    /// 3x3 convolutions that the source modulates, and up again; 145 billion multiplications a crop. Its picture means nothing.
    /// </summary>
    /// <param name="half">Weights and arithmetic of half precision; inputs and outputs stay single.</param>
    public static byte[] Full(bool half)
    {
        OnnxBuilder net = new();
        (string source, string target) = Inputs(net);
        Layers layers = new(net, half);
        string who = layers.In(source);
        string x = layers.In(target);
        x = layers.Relu(layers.Norm(layers.Conv(x, 3, 128, 7), 128));
        x = layers.Relu(layers.Norm(layers.Conv(x, 128, 256, 3), 256));
        x = layers.Relu(layers.Norm(layers.Conv(x, 256, 512, 3, stride: 2), 512));
        x = layers.Relu(layers.Norm(layers.Conv(x, 512, Width, 3, stride: 2), Width));
        for (int block = 0; block < Blocks; block++)
        {
            string y = layers.Relu(layers.Styled(layers.Conv(x, Width, Width, 3), who, Width));
            y = layers.Styled(layers.Conv(y, Width, Width, 3), who, Width);
            x = net.Node("Add", [x, y]);
        }

        x = layers.Relu(layers.Norm(layers.Conv(layers.Double(x), Width, 512, 3), 512));
        x = layers.Relu(layers.Norm(layers.Conv(layers.Double(x), 512, 256, 3), 256));
        x = layers.Relu(layers.Norm(layers.Conv(x, 256, 128, 3), 128));
        x = layers.Out(net.Node("Tanh", [layers.Conv(x, 128, 3, 7)]));
        x = net.Node("Add", [net.Node("Mul", [x, net.Scalar(0.5f)]), net.Scalar(0.5f)]);
        return Finish(net, x);
    }

    /// <summary>A recogniser as the swapper needs one: 512 values of a face of 112 x 112.</summary>
    public static byte[] Recogniser()
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, OnnxDimension.Open("batch"), 3, 112, 112);
        string cells = net.Node(
            "AveragePool",
            [input],
            OnnxAttribute.OfMany("kernel_shape", 7L, 7L),
            OnnxAttribute.OfMany("strides", 7L, 7L)
        );
        string flat = net.Node("Reshape", [cells, net.Integers(-1, 768)]);
        string some = net.Node("Slice", [flat, net.Integers(0), net.Integers(SourceLength), net.Integers(1)]);
        net.Output("output", some, OnnxType.Float, OnnxDimension.Open("batch"), SourceLength);
        return net.ToBytes("recogniser");
    }

    private static (string Source, string Target) Inputs(OnnxBuilder net) =>
        (
            net.Input("source", OnnxType.Float, OnnxDimension.Open("batch"), SourceLength),
            net.Input("target", OnnxType.Float, OnnxDimension.Open("batch"), 3, Size, Size)
        );

    private static byte[] Finish(OnnxBuilder net, string picture)
    {
        net.Output("output", picture, OnnxType.Float, OnnxDimension.Open("batch"), 3, Size, Size);
        // The family's last constant projects the source.
        float[] projection = new float[SourceLength * SourceLength];
        for (int i = 0; i < SourceLength; i++)
        {
            projection[i * (SourceLength + 1)] = 1;
        }

        _ = net.Add(OnnxTensor.Of("projection", [SourceLength, SourceLength], projection));
        return net.ToBytes("swapper");
    }

    /// <summary>Layers of single or half precision with weights that keep the size of what goes through.</summary>
    private sealed class Layers(OnnxBuilder net, bool half)
    {
        private readonly Random _random = new(1);
        private int _constants;

        public string In(string value) => half ? Cast(value, OnnxType.Half) : value;

        public string Out(string value) => half ? Cast(value, OnnxType.Float) : value;

        public string Relu(string value) => net.Node("Relu", [value]);

        public string Conv(string value, int inputs, int outputs, int kernel, int stride = 1)
        {
            long pad = kernel / 2;
            return net.Node(
                "Conv",
                [
                    value,
                    Weights([outputs, inputs, kernel, kernel], inputs * kernel * kernel),
                    Constant([outputs], new float[outputs]),
                ],
                OnnxAttribute.OfMany("kernel_shape", kernel, (long)kernel),
                OnnxAttribute.OfMany("pads", pad, pad, pad, pad),
                OnnxAttribute.OfMany("strides", stride, (long)stride)
            );
        }

        public string Norm(string value, int channels)
        {
            float[] ones = new float[channels];
            Array.Fill(ones, 1);
            return net.Node(
                "InstanceNormalization",
                [value, Constant([channels], ones), Constant([channels], new float[channels])],
                OnnxAttribute.Of("epsilon", 1e-5f)
            );
        }

        /// <summary>Normalised, then scaled and shifted as the source says.</summary>
        public string Styled(string value, string who, int channels)
        {
            string style = net.Node(
                "Gemm",
                [
                    who,
                    Weights([SourceLength, 2 * channels], SourceLength),
                    Constant([2 * channels], new float[2 * channels]),
                ]
            );
            IReadOnlyList<string> two = net.Nodes("Split", [style], 2, OnnxAttribute.Of("axis", 1L));
            string scale = net.Node("Unsqueeze", [two[0], net.Integers(2, 3)]);
            string shift = net.Node("Unsqueeze", [two[1], net.Integers(2, 3)]);
            return net.Node("Add", [net.Node("Mul", [Norm(value, channels), scale]), shift]);
        }

        /// <summary>Twice as wide and high.</summary>
        public string Double(string value) =>
            net.Node(
                "Resize",
                [value, "", net.Constant([4], [1, 1, 2, 2])],
                OnnxAttribute.Of("mode", "nearest"),
                OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
                OnnxAttribute.Of("nearest_mode", "floor")
            );

        private string Cast(string value, OnnxType type) =>
            net.Node("Cast", [value], OnnxAttribute.Of("to", (long)type));

        private string Weights(long[] shape, int inputs)
        {
            float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            float reach = MathF.Sqrt(3f / inputs);
            foreach (ref float value in values.AsSpan())
            {
                value = reach * ((2 * _random.NextSingle()) - 1);
            }

            return Constant(shape, values);
        }

        private string Constant(long[] shape, float[] values)
        {
            string name = $"layer_{_constants++}";
            if (!half)
            {
                return net.Add(OnnxTensor.Of(name, shape, values));
            }

            Half[] halves = new Half[values.Length];
            System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
            return net.Add(OnnxTensor.Of(name, shape, halves));
        }
    }
}
