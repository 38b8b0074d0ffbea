namespace FaceFusion.Batch.ModelPack.Tflite;

/// <summary>One step of a TFLite graph.</summary>
/// <param name="Kind">The built-in operator, or <see cref="OperatorKind.Custom"/>.</param>
/// <param name="CustomName">The name of a custom operator; empty for a built-in one.</param>
/// <param name="Inputs">Tensor numbers; −1 marks an optional input that is absent.</param>
/// <param name="Outputs">Tensor numbers.</param>
/// <param name="Options">The built-in options' table, or null where all are at their defaults.</param>
/// <param name="CustomOptions">The options of a custom operator (a FlexBuffer).</param>
public sealed record TfliteOperator(
    OperatorKind Kind,
    string CustomName,
    int[] Inputs,
    int[] Outputs,
    FlatTable? Options,
    byte[] CustomOptions
)
{
    /// <summary>The bias or other third input where there is one.</summary>
    public int? ThirdInput => Inputs.Length > 2 && Inputs[2] >= 0 ? Inputs[2] : null;

    public override string ToString() => CustomName.Length > 0 ? CustomName : Kind.ToString();
}

/// <summary>The built-in operators that the converter knows, numbered as in the TFLite schema.</summary>
public enum OperatorKind
{
    Add = 0,
    Conv2D = 3,
    DepthwiseConv2D = 4,
    Dequantize = 6,
    MaxPool2D = 17,
    Multiply = 18,
    Relu = 19,
    Reshape = 22,
    ResizeBilinear = 23,
    Custom = 32,
    Pad = 34,
    Subtract = 41,
    StridedSlice = 45,
    PRelu = 54,
    Abs = 101,
}
