using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Quantising;

/// <summary>
/// Brings models of ONNX's operators 9 to 12 to version 13, the first with a scale for each channel. Settings that became inputs are moved;
/// where a meaning changed (Softmax) the model is refused unless both meanings are one.
/// </summary>
internal static class OpsetRaiser
{
    public const long Target = 13;

    private const long Oldest = 9;

    /// <exception cref="ModelException"><c>model-opset</c>: not exact; the message names the node.</exception>
    public static void Raise(OnnxModel model)
    {
        if (model.Opset >= Target)
        {
            return;
        }

        if (model.Opset < Oldest)
        {
            throw new ModelException(
                "model-opset",
                $"The model is of ONNX operators {model.Opset}; only {Oldest} and later are raised to {Target}: export it anew."
            );
        }

        IReadOnlyDictionary<string, OnnxValue> shapes = ValueShapes.Of(model);
        GraphView view = new(model.Graph);
        foreach (OnnxNode node in model.Graph.Nodes.Where(n => n.Domain.Length == 0))
        {
            if (GraphView.Subgraphs(node).Any() || node.Operator is "Scatter")
            {
                throw Refusal(node, model.Opset);
            }

            Raise(node, model.Opset, view, shapes);
        }

        model.Opsets[""] = Target;
        model.IrVersion = Math.Max(7, model.IrVersion);
    }

    private static void Raise(OnnxNode node, long from, GraphView view, IReadOnlyDictionary<string, OnnxValue> shapes)
    {
        switch (node.Operator)
        {
            case "Squeeze" or "Unsqueeze" or "ReduceSum":
                Move(node, "axes", 1, view);
                break;
            case "Split":
                Move(node, "split", 1, view);
                break;
            case "Softmax" or "LogSoftmax" or "Hardmax":
                RequireLastAxis(node, from, shapes);
                break;
            case "Clip" when from < 11:
                Move(node, "min", 1, view);
                Move(node, "max", 2, view);
                break;
            case "Pad" when from < 11:
                Move(node, "pads", 1, view);
                Move(node, "value", 2, view);
                break;
            case "Slice" when from < 10:
                Move(node, "starts", 1, view);
                Move(node, "ends", 2, view);
                Move(node, "axes", 3, view);
                break;
            case "TopK" when from < 10:
                throw Refusal(node, from);
            case "Dropout":
                _ = node.Attributes.RemoveAll(a => a.Name == "ratio");
                break;
            case "Upsample":
            case "Resize" when from < 11:
                Enlarge(node, from, view);
                break;
            default:
                break;
        }
    }

    /// <summary>Makes an input of a setting.</summary>
    private static void Move(OnnxNode node, string name, int input, GraphView view)
    {
        if (node.Find(name) is not { } setting)
        {
            return;
        }

        OnnxTensor tensor = setting.Kind switch
        {
            OnnxAttributeKind.Float => OnnxTensor.Of("", [], [setting.Float]),
            OnnxAttributeKind.Integer => OnnxTensor.Of("", [1], [setting.Integer]),
            _ => OnnxTensor.Of("", [setting.Integers.Count], [.. setting.Integers]),
        };
        while (node.Inputs.Count <= input)
        {
            node.Inputs.Add("");
        }

        node.Inputs[input] = view.Add($"{node.Outputs[0]}_{name}", tensor);
        _ = node.Attributes.Remove(setting);
    }

    /// <summary>Up to version 12 all axes from the given one on are one row.</summary>
    private static void RequireLastAxis(OnnxNode node, long from, IReadOnlyDictionary<string, OnnxValue> shapes)
    {
        int? rank = shapes.GetValueOrDefault(node.Inputs[0])?.Shape?.Count;
        long axis = node.Integer("axis", 1);
        if (rank is null || (axis < 0 ? axis + rank : axis) != rank - 1)
        {
            throw Refusal(node, from);
        }

        node.Set(OnnxAttribute.Of("axis", -1L));
    }

    /// <summary>As both did before version 11: each point takes the one at its own place divided by the scale, rounded down.</summary>
    private static void Enlarge(OnnxNode node, long from, GraphView view)
    {
        bool grows =
            node.Inputs.Count == 2
            && view.Constant(node.Inputs[1]) is { Type: OnnxType.Float } scales
            && scales.ToFloats().All(s => s >= 1);
        if (!grows)
        {
            throw Refusal(node, from);
        }

        node.Operator = "Resize";
        node.Inputs.Insert(1, "");
        node.Set(OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"));
        node.Set(OnnxAttribute.Of("nearest_mode", "floor"));
    }

    private static ModelException Refusal(OnnxNode node, long from) =>
        new(
            "model-opset",
            $"{node.Operator} {node.Name} means something else in ONNX operators {Target} than in {from}: export the model anew."
        );
}
