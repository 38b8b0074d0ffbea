using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>How a generated swap network changes the crop: colour added to every pixel, 1 = the whole range.</summary>
public sealed record SwapLook
{
    /// <summary>Gives the crop back as it was.</summary>
    public static SwapLook Identity { get; } = new();

    /// <summary>Added to R, G, B.</summary>
    public PerChannel Tint { get; init; }

    /// <summary>
    /// Times what the network was told of the source, added to R, G, B: <see cref="SwapNetworks.Probe"/> · source of an embedding, the
    /// mean of each channel of a picture.
    /// </summary>
    public PerChannel PerSource { get; init; }
}

/// <summary>Swap networks and converters with the names, shapes and ranges of the published families.</summary>
public static class SwapNetworks
{
    public const int EmbeddingLength = 512;

    /// <summary>The matrix that is the last constant of a network with a projected source, row by row [in, out].</summary>
    public static float[] Projection { get; } = Matrix(7);

    /// <summary>The same of another seed: constants that come before it, and are of its shape.</summary>
    public static float[] Decoy { get; } = Matrix(23);

    /// <summary>What a network weighs the source with; no two values have the same weight.</summary>
    public static float[] Probe { get; } =
    [.. Enumerable.Range(0, EmbeddingLength).Select(i => ((i * 97 % 512) - 255.5f) / 256)];

    /// <param name="card">With input, output and source as in the catalogue.</param>
    /// <param name="openBatch">Whether any number of crops goes in at once.</param>
    /// <param name="halfProjection">The projection is of half precision.</param>
    /// <param name="sourceSize">Edge of the picture that a source of the kind <c>image</c> is.</param>
    public static byte[] Swapper(
        ModelCard card,
        SwapLook look,
        bool openBatch = false,
        bool halfProjection = false,
        int sourceSize = 112
    )
    {
        OnnxBuilder net = new();
        OnnxDimension batch = openBatch ? OnnxDimension.Open("batch") : 1;
        int size = card.Input!.Width;
        bool picture = card.Source == "image";
        string source = picture
            ? net.Input("source", OnnxType.Float, batch, 3, sourceSize, sourceSize)
            : net.Input("source", OnnxType.Float, batch, EmbeddingLength);
        string target = net.Input("target", OnnxType.Float, batch, 3, size, size);
        if (card.Source == "projected")
        {
            net.Add(OnnxTensor.Of("before", [EmbeddingLength, EmbeddingLength], Decoy));
        }

        string told = picture ? MeanColor(net, source) : Probed(net, source);
        string shift = net.Node("Add", [net.Node("Mul", [told, Color(net, look.PerSource)]), Color(net, look.Tint)]);
        string pixels = Affine(net, target, Over(card.Input.Std, 255), Over(card.Input.Mean, 255));
        string changed = net.Node("Add", [pixels, shift]);
        ModelOutput output = card.Output ?? new ModelOutput();
        PerChannel gain = new(255 / output.Std.R, 255 / output.Std.G, 255 / output.Std.B);
        PerChannel offset = new(
            -output.Mean.R / output.Std.R,
            -output.Mean.G / output.Std.G,
            -output.Mean.B / output.Std.B
        );
        net.Output("output", Affine(net, changed, gain, offset), OnnxType.Float, batch, 3, size, size);
        if (card.Family == "hyperswap")
        {
            string mask = net.Node("ReduceMean", [target], OnnxAttribute.OfMany("axes", 1L));
            net.Output("mask", mask, OnnxType.Float, batch, 1, size, size);
        }

        if (card.Source == "projected")
        {
            net.Add(
                halfProjection
                    ? OnnxTensor.Of(
                        "projection",
                        [EmbeddingLength, EmbeddingLength],
                        (ReadOnlySpan<Half>)[.. Projection.Select(v => (Half)v)]
                    )
                    : OnnxTensor.Of("projection", [EmbeddingLength, EmbeddingLength], Projection)
            );
        }

        return net.ToBytes(card.Id);
    }

    /// <summary>Normalises what comes in, then weighs it by <see cref="ConverterWeights"/>; what comes out is not of unit length.</summary>
    public static byte[] Converter(string name)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, EmbeddingLength);
        string length = net.Node(
            "ReduceL2",
            [input],
            OnnxAttribute.OfMany("axes", 1L),
            OnnxAttribute.Of("keepdims", 1L)
        );
        string weights = net.Constant([1, EmbeddingLength], ConverterWeights);
        string output = net.Node("Mul", [net.Node("Div", [input, length]), weights]);
        net.Output("output", output, OnnxType.Float, 1, EmbeddingLength);
        return net.ToBytes(name);
    }

    public static float[] ConverterWeights { get; } =
    [.. Enumerable.Range(0, EmbeddingLength).Select(i => 2 + (i * 31 % 64 / 16f))];

    /// <summary>A recogniser: means of 16 × 16 cells of 7 × 7 pixels, R before G, as far as 512 values go, times 20.</summary>
    public static byte[] Recogniser(string name)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 112, 112);
        string cells = net.Node(
            "AveragePool",
            [input],
            OnnxAttribute.OfMany("kernel_shape", 7L, 7L),
            OnnxAttribute.OfMany("strides", 7L, 7L)
        );
        string flat = net.Node("Reshape", [cells, net.Integers(1, 768)]);
        string some = net.Node("Slice", [flat, net.Integers(0), net.Integers(EmbeddingLength), net.Integers(1)]);
        net.Output("output", net.Node("Mul", [some, net.Scalar(20)]), OnnxType.Float, 1, EmbeddingLength);
        return net.ToBytes(name);
    }

    /// <summary>Probe · source for each crop of the batch, as [batch, 1, 1, 1].</summary>
    private static string Probed(OnnxBuilder net, string source)
    {
        string told = net.Node("MatMul", [source, net.Constant([EmbeddingLength, 1], Probe)]);
        return net.Node("Unsqueeze", [told, net.Integers(2, 3)]);
    }

    private static string MeanColor(OnnxBuilder net, string source) =>
        net.Node("ReduceMean", [source], OnnxAttribute.OfMany("axes", 2L, 3L), OnnxAttribute.Of("keepdims", 1L));

    private static string Affine(OnnxBuilder net, string value, PerChannel gain, PerChannel offset) =>
        net.Node("Add", [net.Node("Mul", [value, Color(net, gain)]), Color(net, offset)]);

    private static string Color(OnnxBuilder net, PerChannel color) =>
        net.Constant([1, 3, 1, 1], [color.R, color.G, color.B]);

    private static PerChannel Over(PerChannel value, float divisor) =>
        new(value.R / divisor, value.G / divisor, value.B / divisor);

    /// <summary>Multiples of 1/64, which half precision holds exactly.</summary>
    private static float[] Matrix(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, EmbeddingLength * EmbeddingLength).Select(_ => random.Next(-64, 65) / 64f)];
    }
}
