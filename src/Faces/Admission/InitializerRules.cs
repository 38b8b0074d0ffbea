using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>Constants: each has the bytes that its type and shape ask for, here or, where a folder is given, in a file beside the model.</summary>
internal static class InitializerRules
{
    public static void Judge(OnnxGraph graph, string? folder, FindingList findings)
    {
        if (graph.SparseInitializers > 0)
        {
            findings.Refuse(
                "model-sparse",
                $"It has {graph.SparseInitializers} sparse constants, which are not loaded: export it with full ones."
            );
        }

        foreach (OnnxTensor tensor in graph.Initializers)
        {
            JudgeTensor(tensor, folder, findings);
        }

        foreach (OnnxAttribute attribute in graph.Nodes.SelectMany(n => n.Attributes))
        {
            if (attribute.Tensor is { } one)
            {
                JudgeTensor(one, null, findings);
            }

            foreach (OnnxTensor tensor in attribute.Tensors)
            {
                JudgeTensor(tensor, null, findings);
            }
        }
    }

    /// <summary>Product of the lengths; null: one is negative, or the product is beyond 64 bits.</summary>
    public static long? CountOf(IReadOnlyList<long> shape)
    {
        long count = 1;
        foreach (long length in shape)
        {
            if (length < 0 || (length > 0 && count > long.MaxValue / length))
            {
                return null;
            }

            count *= length;
        }

        return count;
    }

    private static void JudgeTensor(OnnxTensor tensor, string? folder, FindingList findings)
    {
        int size = tensor.Type.Size();
        if (size == 0)
        {
            findings.Refuse(
                "model-tensor",
                $"The constant {tensor.Name} is of the type {(int)tensor.Type}, which is not loaded: export it with numbers of 8 to 64 bits."
            );
        }
        else if (CountOf(tensor.Shape) is not { } count || count > long.MaxValue / size)
        {
            findings.Refuse(
                "model-tensor",
                $"The constant {tensor.Name} has the shape {Shown(tensor.Shape)}, which no memory holds: the file is damaged or made up."
            );
        }
        else if (tensor.External is not null)
        {
            ExternalFileRules.Judge(tensor, count * size, folder, findings);
        }
        else if (tensor.Data.Length != count * size)
        {
            findings.Refuse(
                "model-tensor",
                $"The constant {tensor.Name} has {tensor.Data.Length} bytes where its shape {Shown(tensor.Shape)} asks for {count * size}: the file is damaged or made up."
            );
        }
    }

    private static Words Shown(IReadOnlyList<long> shape) => new($"[{string.Join(", ", shape)}]");
}
