using System.Text;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>Files that no writer of ONNX would make, byte by byte.</summary>
internal static class Hostile
{
    /// <summary>Name of the file, the code it is refused with, and its bytes. Each is small; those of <see cref="Bombs"/> are not.</summary>
    public static IReadOnlyList<(string Name, string Code, byte[] File)> Files { get; } =
    [
        ("empty", "model-format", []),
        ("text", "model-format", Encoding.ASCII.GetBytes("<!DOCTYPE html><title>no model</title>")),
        ("no-graph", "model-format", [8, 8]),
        ("two-graphs", "model-format", Model(Graph(), Field(7, Graph()))),
        ("varint-truncated", "model-format", [8, 0xff, 0xff]),
        ("varint-without-end", "model-format", [8, .. Enumerable.Repeat((byte)0xff, 64)]),
        ("varint-of-70-bits", "model-format", [8, .. Enumerable.Repeat((byte)0xff, 9), 0x7f, .. Field(7, Graph())]),
        ("length-of-2-gib", "model-format", [0x3a, 0xff, 0xff, 0xff, 0xff, 0x07, 1]),
        ("length-of-64-bits", "model-format", [0x3a, .. Enumerable.Repeat((byte)0xff, 9), 0x01, 1]),
        ("length-over-parent", "model-format", Model([.. Field(1, [0x0a, 0x7f, 1])])),
        ("field-zero", "model-format", [0, 0]),
        ("field-too-high", "model-format", [.. Varint((1UL << 32) | 8), 8, .. Field(7, Graph())]),
        ("group", "model-format", [0x0b, 0x0b, 0x0c, 0x0c]),
        ("wire-type-6", "model-format", [0x0e]),
        ("graph-as-number", "model-format", [0x38, 1]),
        ("opset-as-float", "model-format", [0x45, 0, 0, 0, 0]),
        ("name-not-utf-8", "model-format", Model([.. Node("Relu", "x", "\0y"), .. Field(11, Field(1, [0xff, 0xfe]))])),
        ("producer-not-utf-8", "model-format", Model(Graph(), Field(2, [.. Enumerable.Repeat((byte)0xff, 1400)]))),
        ("attribute-with-two-graphs", "model-format", Model(NodeWith([.. Field(6, []), .. Field(6, [])]))),
        ("attribute-without-its-graph", "model-format", Model(NodeWith([0xa0, 1, 5]))),
        ("attribute-without-its-tensor", "model-format", Model(NodeWith([0xa0, 1, 4]))),
        ("tensor-in-segments", "model-format", WithInitializer([.. Field(3, [8, 0])])),
        ("shape-of-17-axes", "model-format", WithInitializer([.. Field(1, [.. Enumerable.Repeat((byte)1, 17)])])),
        ("runtime-format", "model-format", [8, 8, 0x12, 6, .. "ORTM"u8, .. "12"u8, .. Field(7, Graph())]),
        ("nested-20-deep", "model-format", Model(Nested(20))),
        ("no-opset", "model-opset", [8, 8, .. Field(7, Graph())]),
        ("opset-of-the-future", "model-opset", Model(Graph(), opset: 4_000_000_000)),
        ("opset-negative", "model-opset", Model(Graph(), opset: ulong.MaxValue)),
        ("file-format-99", "model-opset", [8, 99, .. Field(8, [0x0a, 0, 0x10, 17]), .. Field(7, Graph())]),
        ("training", "model-training", Model(Graph(), Field(20, []))),
        ("function", "model-function", Model(Graph(), Field(25, Text(1, "f")))),
        ("sparse", "model-sparse", Model([.. Graph(), .. Field(15, [])])),
        ("initializer-of-2-62", "model-tensor", WithInitializer(Shaped(1UL << 62))),
        ("initializer-overflows", "model-tensor", WithInitializer(Shaped(1UL << 33, 1UL << 33))),
        (
            "initializer-wraps-to-zero",
            "model-tensor",
            WithInitializer([.. Shaped(1UL << 32, 1UL << 32), .. Field(9, [])])
        ),
        ("initializer-negative", "model-tensor", WithInitializer(Shaped(ulong.MaxValue))),
        (
            "initializer-of-bytes-too-few",
            "model-tensor",
            WithInitializer([.. Shaped(4096, 4096), .. Field(9, [0, 0, 0, 0])])
        ),
        ("initializer-of-text", "model-tensor", WithInitializer([0x10, 8, .. Field(6, [65])])),
        ("initializer-of-no-type", "model-tensor", WithInitializer([8, 1, .. Field(9, [0, 0, 0, 0])])),
    ];

    /// <summary>Larger ones, made when they are asked for: each tries to make much of little.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Bombs { get; } =
        new Dictionary<string, Func<byte[]>>
        {
            ["nodes"] = () => Model(Repeat(Field(1, []), 49_000)),
            ["tensors"] = () => Model(Repeat(Field(5, []), 49_000)),
            ["attributes"] = () => Model(Field(1, Repeat(Field(5, []), 99_000))),
            ["attributes-of-lists"] = () =>
                Model(Field(1, Repeat(Field(5, [.. Field(7, [0, 0, 0, 0]), 0x40, 1, .. Field(9, [])]), 99_000))),
            ["values"] = () => Model(Repeat(Field(13, [.. Text(1, "v"), .. Field(2, Field(1, []))]), 120_000)),
            ["dimensions"] = () =>
                Model(Repeat(Field(13, Field(2, Field(1, Field(2, Repeat(Field(1, []), 16))))), 14_000)),
            ["shapes"] = () => Model(Repeat(Field(5, Field(1, [.. Enumerable.Repeat((byte)1, 16)])), 49_000)),
            ["names"] = () => Model(Field(1, Distinct(1, 240_000))),
            ["outputs"] = () => Model(Field(1, Distinct(2, 240_000))),
            ["integers"] = () => Model(NodeWith(Field(8, [.. Enumerable.Repeat((byte)1, 1_000_000)]))),
            ["single-integers"] = () => Model(NodeWith(Repeat([0x40, 1], 500_000))),
            ["metadata"] = () => Model(Graph(), Numbered(i => Field(14, Text(1, $"{i}")), 200_000)),
            ["opsets"] = () => Model(Graph(), Numbered(i => Field(8, Text(1, $"{i}")), 1_000)),
            ["nested"] = () => Model(Nested(2_000)),
            ["over-every-limit"] = () => Model(Repeat(Field(1, []), 400_000)),
        };

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>A field of bytes, or a message.</summary>
    public static byte[] Field(int field, byte[] content) =>
        [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    public static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A file of version 8 with ONNX's own operators and one graph.</summary>
    public static byte[] Model(byte[] graph, byte[]? more = null, ulong opset = 17) =>
        [8, 8, .. Field(8, [0x0a, 0, 0x10, .. Varint(opset)]), .. Field(7, graph), .. more ?? []];

    /// <summary>A sound graph that passes its input on.</summary>
    public static byte[] Graph() => [.. Node("Identity", "x", "y"), .. Value(11, "x"), .. Value(12, "y")];

    /// <summary>A sound file, but for one constant that nothing uses.</summary>
    public static byte[] WithInitializer(byte[] tensor) =>
        Model([.. Graph(), .. Field(5, [.. Text(8, "c"), .. tensor])]);

    public static byte[] Node(string operation, string input, string output, byte[]? more = null) =>
        Field(1, [.. Text(1, input), .. Text(2, output), .. Text(4, operation), .. more ?? []]);

    private static byte[] Value(int field, string name) =>
        // A float of one axis of one element.
        Field(field, [.. Text(1, name), .. Field(2, Field(1, [8, 1, .. Field(2, Field(1, [8, 1]))]))]);

    private static byte[] NodeWith(byte[] attribute) =>
        [
            .. Node("Identity", "x", "y", Field(5, [.. Text(1, "a"), .. attribute])),
            .. Value(11, "x"),
            .. Value(12, "y"),
        ];

    /// <summary>A tensor of floats of this shape without any data.</summary>
    private static byte[] Shaped(params ulong[] shape) =>
        [0x10, (byte)OnnxType.Float, .. shape.SelectMany(n => (byte[])[8, .. Varint(n)])];

    /// <summary>Graphs in attributes of nodes of graphs.</summary>
    private static byte[] Nested(int depth)
    {
        byte[] graph = Graph();
        for (int i = 0; i < depth; i++)
        {
            graph = Field(1, Field(5, Field(6, graph)));
        }

        return graph;
    }

    private static byte[] Repeat(byte[] one, int times) => Numbered(_ => one, times);

    private static byte[] Distinct(int field, int count) => Numbered(i => Text(field, $"{i:x}"), count);

    private static byte[] Numbered(Func<int, byte[]> one, int count)
    {
        using MemoryStream all = new();
        for (int i = 0; i < count; i++)
        {
            all.Write(one(i));
        }

        return all.ToArray();
    }
}
