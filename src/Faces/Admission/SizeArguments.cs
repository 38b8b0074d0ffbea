using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>Sizes that operators take from constants: a few bytes of a file that ask for any amount of memory.</summary>
internal sealed class SizeArguments
{
    private const int LongestList = 64;

    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);

    public SizeArguments(OnnxGraph graph)
    {
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            Keep(tensor.Name, tensor);
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            if (node is { Operator: "Constant", Outputs: [string name, ..] } && node.Find("value")?.Tensor is { } value)
            {
                Keep(name, value);
            }
        }
    }

    /// <summary>
    /// At least what the node's result takes, by its constant arguments alone: what it works on counts as one element of one byte. 0 for
    /// nodes without such arguments.
    /// </summary>
    public double BytesOf(OnnxNode node) =>
        node.Operator switch
        {
            "ConstantOfShape" => ResourceEstimate.CountOf(Integers(node, 0)) * ElementOf(node),
            "Expand" or "Tile" => ResourceEstimate.CountOf(Integers(node, 1)),
            "Resize" => Math.Max(
                ResourceEstimate.CountOf(Integers(node, 3)),
                Reals(node, node.Inputs.Count > 2 ? 2 : 1)
            ),
            "Upsample" => Reals(node, 1),
            "OneHot" => ResourceEstimate.CountOf(Integers(node, 1)),
            "Range" => RangeOf(Integers(node, 0), Integers(node, 1), Integers(node, 2)),
            "Pad" => PadOf(Integers(node, 1)),
            "RandomNormal" or "RandomUniform" => ResourceEstimate.CountOf(node.Find("shape")?.Integers ?? []) * 4,
            _ => 0,
        };

    private void Keep(string name, OnnxTensor tensor)
    {
        if (tensor.Type.Size() > 0 && tensor.Data.Length <= LongestList * tensor.Type.Size())
        {
            _constants[name] = tensor;
        }
    }

    private OnnxTensor? Argument(OnnxNode node, int place) =>
        place < node.Inputs.Count ? _constants.GetValueOrDefault(node.Inputs[place]) : null;

    /// <summary>Whole numbers of a constant; empty where it is none, or not as its shape says, which is refused elsewhere.</summary>
    private long[] Integers(OnnxNode node, int place) =>
        Argument(node, place) is { Type: OnnxType.Int64 or OnnxType.Int32 } tensor && IsWhole(tensor)
            ? tensor.ToIntegers()
            : [];

    /// <summary>Product of the scales of a constant.</summary>
    private double Reals(OnnxNode node, int place) =>
        Argument(node, place) is { Type: OnnxType.Float or OnnxType.Half or OnnxType.Double } tensor && IsWhole(tensor)
            ? tensor.ToFloats().Aggregate(1.0, (a, b) => a * Math.Max(b, 0))
            : 0;

    private static bool IsWhole(OnnxTensor tensor) =>
        InitializerRules.CountOf(tensor.Shape) is { } count and <= LongestList
        && tensor.Data.Length == count * tensor.Type.Size();

    private static double ElementOf(OnnxNode node) => node.Find("value")?.Tensor?.Type.Size() ?? 4;

    private static double RangeOf(long[] start, long[] limit, long[] delta) =>
        start.Length == 1 && limit.Length == 1 && delta.Length == 1 && delta[0] != 0
            ? Math.Max(0, ((double)limit[0] - start[0]) / delta[0]) * 8
            : 0;

    /// <summary>First what is added before each axis, then what is added behind.</summary>
    private static double PadOf(long[] pads) =>
        pads.Length == 0 || pads.Length % 2 != 0
            ? 0
            : Enumerable
                .Range(0, pads.Length / 2)
                .Aggregate(1.0, (a, i) => a * Math.Max(1, 1 + (double)pads[i] + pads[i + (pads.Length / 2)]));
}
