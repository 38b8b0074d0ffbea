using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>
/// A TFLite graph on its way into an ONNX graph: which ONNX value stands for which tensor. Tensors of four dimensions are NHWC in TFLite
/// and NCHW here; all others keep their layout. The first dimension is the batch and stays open.
/// </summary>
public sealed class Conversion(TfliteModel model, OnnxGraph graph)
{
    private readonly Dictionary<int, string> _values = [];
    private readonly Dictionary<int, float[]> _folded = [];

    public TfliteModel Model { get; } = model;

    public OnnxGraph Graph { get; } = graph;

    public int[] Shape(int tensor) => Model.Tensors[tensor].Shape;

    public bool IsConstant(int tensor) => _folded.ContainsKey(tensor) || Model.Tensors[tensor].IsConstant;

    /// <summary>The elements of a constant tensor in its TFLite layout.</summary>
    public float[] Floats(int tensor) =>
        _folded.TryGetValue(tensor, out float[]? values) ? values : Model.Tensors[tensor].Floats();

    /// <summary>Records a constant that an operator makes out of constants.</summary>
    public void Fold(int tensor, float[] values) => _folded[tensor] = values;

    public string Value(int tensor) => _values[tensor];

    public void Set(int tensor, string value) => _values[tensor] = value;

    /// <summary>The tensor in TFLite's own layout (NHWC where it has four dimensions).</summary>
    public string TfliteLayout(int tensor)
    {
        int[] shape = Shape(tensor);
        if (shape.Length != 4)
        {
            return Value(tensor);
        }

        return shape[1] == 1 && shape[2] == 1
            ? Reshape(Value(tensor), 1, 1, shape[3])
            : Graph.Add("Transpose", [Value(tensor)], OnnxAttribute.Integers("perm", 0, 2, 3, 1));
    }

    /// <summary>Gives each sample of the batch a new shape.</summary>
    public string Reshape(string value, params long[] sampleShape) =>
        Graph.Add("Reshape", [value, Graph.Integers([-1, .. sampleShape])]);

    /// <summary>Appends the activation that an operator carries in its options.</summary>
    public string Activate(string value, int activation) =>
        activation switch
        {
            0 => value,
            1 => Graph.Add("Relu", [value]),
            _ => throw new NotSupportedException($"The fused activation {activation} is not supported."),
        };

    public static long[] Long(params int[] values) => [.. values.Select(value => (long)value)];
}
