using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Batching;

/// <summary>Operators that move, drop or run along axes.</summary>
internal static partial class BatchRules
{
    private static void Moved(OnnxNode node, BatchTrace trace)
    {
        if (!trace.IsBatched(node.Inputs[0]) || trace.Rank(node.Inputs[0]) is not { } rank)
        {
            trace.MarkUnknown(node);
            return;
        }

        int axis = First(node, trace);
        bool isFolded = trace.IsFolded(node.Inputs[0]);
        switch (node.Operator)
        {
            case "Transpose":
                IReadOnlyList<long> order =
                    node.Find("perm")?.Integers ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
                trace.MarkAll(node, order.ToList().IndexOf(axis), isFolded);
                break;
            case "Flatten":
                Flatten(node, trace, axis, rank);
                break;
            case "Squeeze":
                Squeeze(node, trace, axis, rank);
                break;
            case "Unsqueeze":
                Unsqueeze(node, trace, axis, rank);
                break;
            case "Softmax" or "LogSoftmax" or "Hardmax":
                // Before version 13 the axis parts the shape in two, and all that is behind it is one row.
                bool isTwo = trace.Model.Opset < 13;
                Along(node, trace, isTwo ? 1 : -1, rank, a => isTwo ? a <= axis : a == axis);
                break;
            case "LayerNormalization":
                Along(node, trace, -1, rank, a => a <= axis);
                break;
            case "TopK":
                Along(node, trace, -1, rank, a => a == axis);
                break;
            case "Split" or "LpNormalization":
                Along(node, trace, node.Operator == "Split" ? 0 : -1, rank, a => a == axis);
                break;
            case "ArgMax" or "ArgMin":
                Reduce(node, trace, axis, rank, [node.Integer("axis", 0)]);
                break;
            case string name when name.StartsWith("Reduce", StringComparison.Ordinal):
                Reduce(node, trace, axis, rank, trace.Axes(node, 1, rank) ?? []);
                break;
            case "Gather":
                Gather(node, trace, axis, rank);
                break;
            case "Slice":
                Slice(node, trace, axis, rank);
                break;
            case "Tile":
                Tile(node, trace, axis);
                break;
            default:
                trace.MarkUnknown(node);
                break;
        }
    }

    private static void Along(OnnxNode node, BatchTrace trace, long otherwise, int rank, Func<long, bool> isBatch)
    {
        long along = node.Integer("axis", otherwise);
        if (isBatch(along < 0 ? along + rank : along))
        {
            throw BatchTrace.Refusal(node, "runs along the batch");
        }

        trace.MarkAll(node, First(node, trace), trace.IsFolded(node.Inputs[0]));
    }

    private static void Flatten(OnnxNode node, BatchTrace trace, int axis, int rank)
    {
        long at = node.Integer("axis", 1);
        at = at < 0 ? at + rank : at;
        if (axis != 0 || at == 0)
        {
            throw BatchTrace.Refusal(node, "flattens the batch into a row");
        }

        trace.MarkAll(node, 0, at > 1 || trace.IsFolded(node.Inputs[0]));
    }

    private static void Squeeze(OnnxNode node, BatchTrace trace, int axis, int rank)
    {
        if (trace.Axes(node, 1, rank) is not { } axes || axes.Contains(axis))
        {
            throw BatchTrace.Refusal(node, "drops the batch");
        }

        trace.MarkAll(node, axis - axes.Count(a => a < axis), trace.IsFolded(node.Inputs[0]));
    }

    private static void Unsqueeze(OnnxNode node, BatchTrace trace, int axis, int rank)
    {
        long[] axes = trace.Axes(node, 1, rank + (trace.Axes(node, 1, rank)?.Length ?? 0)) ?? [];
        int result = axis;
        foreach (long added in axes.Order())
        {
            result += added <= result ? 1 : 0;
        }

        trace.MarkAll(node, result, trace.IsFolded(node.Inputs[0]));
    }

    private static void Reduce(OnnxNode node, BatchTrace trace, int axis, int rank, long[] axes)
    {
        long[] gone = [.. axes.Select(a => a < 0 ? a + rank : a)];
        if (gone.Length == 0 || gone.Contains(axis))
        {
            throw BatchTrace.Refusal(node, "runs along the batch");
        }

        int before = node.Integer("keepdims", 1) != 0 ? 0 : gone.Count(a => a < axis);
        trace.MarkAll(node, axis - before, trace.IsFolded(node.Inputs[0]));
    }

    private static void Gather(OnnxNode node, BatchTrace trace, int axis, int rank)
    {
        long along = node.Integer("axis", 0);
        along = along < 0 ? along + rank : along;
        if (along == axis)
        {
            throw BatchTrace.Refusal(node, "picks rows of the batch");
        }

        if (trace.IsBatched(node.Inputs[1]) || trace.Shape(node.Inputs[1]) is not { } indices)
        {
            trace.MarkUnknown(node);
            return;
        }

        trace.MarkAll(node, along < axis ? axis + indices.Count - 1 : axis, trace.IsFolded(node.Inputs[0]));
    }

    private static void Slice(OnnxNode node, BatchTrace trace, int axis, int rank)
    {
        long[]? starts = node.Find("starts")?.Integers.ToArray() ?? trace.Integers(node, 1);
        long[]? ends = node.Find("ends")?.Integers.ToArray() ?? trace.Integers(node, 2);
        long[]? axes = trace.Axes(node, 3, rank) ?? (starts is null ? null : [.. starts.Select((_, i) => (long)i)]);
        int at = axes is null ? -1 : Array.IndexOf(axes, axis);
        bool isWhole = at < 0 || (starts?[at] == 0 && ends?[at] >= int.MaxValue);
        if (!isWhole)
        {
            throw BatchTrace.Refusal(node, "cuts rows of the batch");
        }

        trace.MarkAll(node, axis, trace.IsFolded(node.Inputs[0]));
    }

    private static void Tile(OnnxNode node, BatchTrace trace, int axis)
    {
        if (trace.Integers(node, 1) is { } repeats && repeats[axis] != 1)
        {
            throw BatchTrace.Refusal(node, $"repeats the batch {repeats[axis]} times");
        }

        trace.MarkAll(node, axis, trace.IsFolded(node.Inputs[0]));
    }
}
