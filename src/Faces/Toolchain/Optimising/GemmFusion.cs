using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>MatMul of two matrices and Add of a constant row become one Gemm, which takes matrices alone.</summary>
internal sealed class GemmFusion : IGraphPass
{
    public string Name => "fusion into Gemm";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        OnnxGraph graph = model.Graph;
        if (!graph.Nodes.Exists(n => n is { Operator: "MatMul", Domain: "" }))
        {
            return;
        }

        IReadOnlyDictionary<string, OnnxValue> shapes = ValueShapes.Of(model);
        GraphView view = new(graph);
        foreach (OnnxNode add in graph.Nodes.ToArray())
        {
            if (add is not { Operator: "Add", Domain: "", Inputs.Count: 2 } || Product(add, view) is not { } product)
            {
                continue;
            }

            string row = add.Inputs[1 - add.Inputs.IndexOf(product.Outputs[0])];
            if (
                IsMatrix(shapes.GetValueOrDefault(product.Inputs[0]))
                && IsMatrix(shapes.GetValueOrDefault(product.Inputs[1]))
                && view.Constant(row) is { } constant
                && IsRow(constant, shapes[product.Inputs[1]].Shape![1])
            )
            {
                product.Operator = "Gemm";
                product.Inputs.Add(row);
                product.Outputs[0] = add.Outputs[0];
                _ = graph.Nodes.Remove(add);
                view = new GraphView(graph);
            }
        }
    }

    private static OnnxNode? Product(OnnxNode add, GraphView view) =>
        add
            .Inputs.Where(name => view.IsOnlyUse(name, add))
            .Select(view.Maker)
            .FirstOrDefault(m => m is { Operator: "MatMul", Domain: "" });

    private static bool IsMatrix(OnnxValue? value) =>
        value is { Type: OnnxType.Float or OnnxType.Half or OnnxType.Double, Shape.Count: 2 };

    /// <summary>It is added to each row of a matrix with so many columns.</summary>
    private static bool IsRow(OnnxTensor constant, OnnxDimension columns) =>
        constant.Shape.Count <= 2
        && constant.Count > 0
        && (constant.Count == 1 || (constant.Shape[^1] == columns.Length && constant.Count == columns.Length));
}
