using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Batching;

/// <summary>Shapes that have a batch of one written into them.</summary>
internal static class BatchReshape
{
    /// <summary>
    /// The entry of the batch becomes 0 (as long as the input's) where the batch is an axis of its own before and after, and −1 (what is
    /// left) where it is folded into another axis or taken out again; then the other entries are written as numbers.
    /// </summary>
    public static void Apply(OnnxNode node, BatchTrace trace)
    {
        string input = node.Inputs[0];
        if (trace.IsBatched(node.Inputs[1]))
        {
            throw BatchTrace.Refusal(node, "takes its shape from a batched value");
        }

        int axis = trace.Axis(input) ?? throw BatchTrace.Refusal(node, "takes its shape from a batched value");
        if (trace.Integers(node, 1) is not { Length: > 0 } shape || trace.Shape(input) is not { } before)
        {
            trace.MarkUnknown(node);
            return;
        }

        IReadOnlyList<OnnxDimension>? after = trace.Shape(node.Outputs[0]);
        bool copies = node.Integer("allowzero", 0) == 0;
        bool isSame =
            axis < shape.Length
            && !trace.IsFolded(input)
            && copies
            && Enumerable.Range(0, axis).All(i => shape[i] == 0 || (shape[i] == before[i].Length && shape[i] > 0))
            && (shape[axis] is 1 or 0 || (shape[axis] == -1 && after?[axis].Length == 1 && before[axis].Length == 1));
        if (isSame)
        {
            shape[axis] = 0;
            Write(node, shape, trace);
            trace.MarkAll(node, axis);
        }
        else if (axis != 0)
        {
            throw BatchTrace.Refusal(node, $"reshapes a value whose batch is on axis {axis}");
        }
        else
        {
            Fold(node, shape, after, trace);
        }
    }

    /// <summary>A Resize to lengths takes that of the batch from its input at each run.</summary>
    public static void Resize(OnnxNode node, BatchTrace trace)
    {
        if (trace.Axis(node.Inputs[0]) != 0 || node.Inputs.Skip(1).Any(trace.IsBatched))
        {
            throw BatchTrace.Refusal(node, "takes the batch for something else");
        }

        if (node.Find("axes") is null && trace.Integers(node, 3) is { Length: > 1 } sizes)
        {
            string lengths = trace.View.Fresh($"{node.Outputs[0]}_lengths");
            string batch = trace.View.Fresh($"{node.Outputs[0]}_batch");
            string joined = trace.View.Fresh($"{node.Outputs[0]}_sizes");
            string zero = trace.View.Add($"{node.Outputs[0]}_zero", OnnxTensor.Of("", [1], [0L]));
            string rest = trace.View.Add(
                $"{node.Outputs[0]}_rest",
                OnnxTensor.Of("", [sizes.Length - 1], sizes.AsSpan(1))
            );
            int at = trace.Model.Graph.Nodes.IndexOf(node);
            trace.Model.Graph.Nodes.InsertRange(
                at,
                [
                    Node("Shape", [node.Inputs[0]], lengths),
                    Node("Gather", [lengths, zero], batch),
                    Node("Concat", [batch, rest], joined, OnnxAttribute.Of("axis", 0L)),
                ]
            );
            node.Inputs[3] = joined;
        }

        trace.MarkAll(node, 0, trace.IsFolded(node.Inputs[0]));
    }

    private static void Fold(OnnxNode node, long[] shape, IReadOnlyList<OnnxDimension>? after, BatchTrace trace)
    {
        for (int i = 1; i < shape.Length; i++)
        {
            bool isOpen = shape[i] is -1 or 0;
            if (isOpen && after?[i].Length is null)
            {
                throw BatchTrace.Refusal(node, "folds the batch into another axis and leaves a second one open");
            }

            shape[i] = isOpen ? after![i].Length!.Value : shape[i];
        }

        shape[0] = -1;
        Write(node, shape, trace);
        // Back on an axis of its own where what was folded in is taken out again.
        trace.MarkAll(node, 0, isFolded: after?[0].Length is not 1);
    }

    /// <summary>Under a name of its own: another Reshape may take the same list.</summary>
    private static void Write(OnnxNode node, long[] shape, BatchTrace trace) =>
        node.Inputs[1] = trace.View.Add($"{node.Outputs[0]}_shape", OnnxTensor.Of("", [shape.Length], shape));

    private static OnnxNode Node(string operation, string[] inputs, string output, params OnnxAttribute[] attributes)
    {
        OnnxNode node = new() { Name = output, Operator = operation };
        node.Inputs.AddRange(inputs);
        node.Outputs.Add(output);
        node.Attributes.AddRange(attributes);
        return node;
    }
}
