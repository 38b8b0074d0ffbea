using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Batching;

/// <summary>What operators do to the batch axis. One that mixes samples, or has the batch written into it, is refused by name.</summary>
internal static partial class BatchRules
{
    private static readonly HashSet<string> Elementwise =
    [
        .. "Add Sub Mul Div Pow Min Max Sum Mean Mod Where Equal Less Greater LessOrEqual GreaterOrEqual And Or Xor PRelu".Split(
            ' '
        ),
    ];

    /// <summary>Of each value of their first input alone; further inputs are settings.</summary>
    private static readonly HashSet<string> Unary =
    [
        .. "Relu Sigmoid Tanh LeakyRelu Elu Selu Celu Clip Abs Neg Exp Log Sqrt Erf Floor Ceil Round Sign Softplus Softsign".Split(
            ' '
        ),
        .. "HardSigmoid HardSwish Gelu Mish Identity Dropout Cast Reciprocal Sin Cos Tan Asin Acos Atan Not IsNaN IsInf".Split(
            ' '
        ),
        .. "ThresholdedRelu QuantizeLinear DequantizeLinear Trilu".Split(' '),
    ];

    /// <summary>Of each sample of their first input, which lies on axis 0; further inputs are weights.</summary>
    private static readonly HashSet<string> PerSample =
    [
        .. "Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool LpPool GlobalLpPool BatchNormalization".Split(
            ' '
        ),
        .. "InstanceNormalization GroupNormalization LRN Upsample DepthToSpace SpaceToDepth Pad".Split(' '),
    ];

    private static readonly HashSet<string> Mixing =
    [
        .. "NonMaxSuppression NonZero Unique Compress LSTM GRU RNN Loop If Scan SequenceConstruct ReverseSequence".Split(
            ' '
        ),
    ];

    /// <summary>Marks the node's outputs, and rewrites what the node has of the batch.</summary>
    public static void Apply(OnnxNode node, BatchTrace trace)
    {
        string[] inputs = [.. node.Inputs.Where(name => name.Length > 0)];
        if (node.Operator is "Shape" or "Size" && Array.Exists(inputs, n => trace.IsBatched(n) || trace.IsUnknown(n)))
        {
            // Lengths of a batched value are worked out at each run, and so is all that is made of them.
            trace.MarkUnknown(node);
            return;
        }

        if (Array.Exists(inputs, trace.IsUnknown))
        {
            trace.MarkUnknown(node);
            return;
        }

        if (!Array.Exists(inputs, trace.IsBatched))
        {
            return;
        }

        switch (node.Operator)
        {
            case "MatMul":
                Product(node, trace);
                break;
            case "Gemm":
                Gemm(node, trace);
                break;
            case "Concat":
                Concat(node, trace);
                break;
            case "Reshape":
                BatchReshape.Apply(node, trace);
                break;
            case "Resize":
                BatchReshape.Resize(node, trace);
                break;
            case "GridSample":
                Grid(node, trace);
                break;
            case "Expand":
                Expand(node, trace);
                break;
            case "Einsum":
                trace.MarkUnknown(node);
                break;
            case string name when Elementwise.Contains(name):
                Broadcast(node, inputs, trace);
                break;
            case string name when Unary.Contains(name):
                trace.MarkAll(node, First(node, trace), trace.IsFolded(node.Inputs[0]));
                break;
            case string name when PerSample.Contains(name):
                Samples(node, trace);
                break;
            case string name when Mixing.Contains(name):
                throw BatchTrace.Refusal(node, "does not keep samples apart");
            default:
                Moved(node, trace);
                break;
        }
    }

    /// <summary>Batch axis of the first input, which must be the batched one.</summary>
    private static int First(OnnxNode node, BatchTrace trace) =>
        trace.Axis(node.Inputs[0]) ?? throw BatchTrace.Refusal(node, "takes its settings from a batched value");

    private static void Samples(OnnxNode node, BatchTrace trace)
    {
        if (First(node, trace) != 0)
        {
            throw BatchTrace.Refusal(node, "takes the batch for something else");
        }

        if (node.Inputs.Skip(1).Any(trace.IsBatched))
        {
            throw BatchTrace.Refusal(node, "has weights that differ from sample to sample");
        }

        trace.MarkAll(node, 0, trace.IsFolded(node.Inputs[0]));
    }

    /// <summary>Shapes are aligned at their ends, so that is where the batch is counted from.</summary>
    private static void Broadcast(OnnxNode node, string[] inputs, BatchTrace trace)
    {
        int? rank = inputs.Max(trace.Rank);
        int? distance = null;
        foreach (string input in inputs.Where(trace.IsBatched))
        {
            int? own = trace.Rank(input) - trace.Axis(input);
            if (own is null || rank is null || (distance is not null && own != distance))
            {
                throw BatchTrace.Refusal(node, "lays the batch of one value beside something else of another");
            }

            distance = own;
        }

        foreach (string input in inputs.Where(name => !trace.IsBatched(name)))
        {
            int axis = (trace.Rank(input) ?? 0) - distance!.Value;
            if (axis >= 0 && trace.Shape(input)![axis].Length is not 1)
            {
                throw BatchTrace.Refusal(node, $"takes {input}, which holds something for each row of the batch");
            }
        }

        trace.MarkAll(node, rank!.Value - distance!.Value, inputs.Any(trace.IsFolded));
    }

    private static void Product(OnnxNode node, BatchTrace trace)
    {
        string a = node.Inputs[0];
        string b = node.Inputs[1];
        (int? rankA, int? rankB) = (trace.Rank(a), trace.Rank(b));
        if (rankA is null or < 2 || rankB is null or < 2)
        {
            trace.MarkUnknown(node);
            return;
        }

        int? fromEndA = rankA - trace.Axis(a);
        int? fromEndB = rankB - trace.Axis(b);
        bool isInner = fromEndA == 1 || fromEndB == 2;
        bool isCrossed = fromEndA is not null && fromEndB is not null && (fromEndA != fromEndB || fromEndA < 3);
        if (isInner || isCrossed)
        {
            throw BatchTrace.Refusal(node, "multiplies samples with each other");
        }

        int rank = Math.Max(rankA.Value, rankB.Value);
        trace.MarkAll(node, rank - (fromEndA ?? fromEndB)!.Value, trace.IsFolded(a) || trace.IsFolded(b));
    }

    private static void Gemm(OnnxNode node, BatchTrace trace)
    {
        bool isRow =
            trace.Axis(node.Inputs[0]) == 0 && node.Integer("transA", 0) == 0 && !trace.IsBatched(node.Inputs[1]);
        if (!isRow)
        {
            throw BatchTrace.Refusal(node, "multiplies samples with each other");
        }

        trace.MarkAll(node, 0, trace.IsFolded(node.Inputs[0]));
    }

    private static void Concat(OnnxNode node, BatchTrace trace)
    {
        foreach (string input in node.Inputs.Where(name => !trace.IsBatched(name)))
        {
            string maker = trace.View.Maker(input) is { } made ? BatchTrace.NameOf(made) : $"the constant {input}";
            throw BatchTrace.Refusal(node, $"joins batched values with {maker}, which has one row");
        }

        int axis = trace.Axis(node.Inputs[0])!.Value;
        long joined = node.Integer("axis", 0);
        joined = joined < 0 ? joined + (trace.Rank(node.Inputs[0]) ?? 0) : joined;
        if (joined == axis || node.Inputs.Exists(name => trace.Axis(name) != axis))
        {
            throw BatchTrace.Refusal(node, "joins values along the batch");
        }

        trace.MarkAll(node, axis, node.Inputs.Exists(trace.IsFolded));
    }

    private static void Grid(OnnxNode node, BatchTrace trace)
    {
        if (trace.Axis(node.Inputs[0]) != 0 || trace.Axis(node.Inputs[1]) != 0)
        {
            throw BatchTrace.Refusal(node, "takes a picture or a grid that has one row for the whole batch");
        }

        trace.MarkAll(node, 0);
    }

    private static void Expand(OnnxNode node, BatchTrace trace)
    {
        int axis = First(node, trace);
        if (trace.Integers(node, 1) is not { } shape || trace.Rank(node.Inputs[0]) is not { } rank)
        {
            trace.MarkUnknown(node);
            return;
        }

        int at = shape.Length - (rank - axis);
        if (at >= 0 && shape[at] != 1)
        {
            throw BatchTrace.Refusal(node, $"expands the batch to {shape[at]} rows");
        }

        trace.MarkAll(node, Math.Max(shape.Length, rank) - (rank - axis), trace.IsFolded(node.Inputs[0]));
    }
}
