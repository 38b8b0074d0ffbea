using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>Translates a TFLite graph, operator by operator. The caller names the outputs.</summary>
public static class TfliteConverter
{
    /// <summary>The name of the only input: [N, channels, height, width].</summary>
    public const string Input = "input";

    /// <exception cref="NotSupportedException">An operator, or a use of one, that no model of the pack has.</exception>
    public static Conversion Convert(TfliteModel model)
    {
        if (
            model.Inputs is not [var input]
            || model.Tensors[input].Shape is not [_, var height, var width, var channels]
        )
        {
            throw new NotSupportedException("A model must have one input, of four dimensions.");
        }

        var conversion = new Conversion(model, new OnnxGraph());
        conversion.Graph.AddInput(Input, OnnxGraph.Batch, channels, height, width);
        conversion.Set(input, Input);
        for (int i = 0; i < model.Operators.Count; i++)
        {
            if (PReluPattern.TryTranslate(conversion, model.Operators, i))
            {
                i += PReluPattern.Length - 1;
            }
            else
            {
                Translate(conversion, model.Operators[i]);
            }
        }

        return conversion;
    }

    private static void Translate(Conversion conversion, TfliteOperator step)
    {
        switch (step.Kind)
        {
            case OperatorKind.Dequantize:
                conversion.Fold(step.Outputs[0], conversion.Floats(step.Inputs[0]));
                break;
            case OperatorKind.Conv2D:
                ConvolutionOperators.Conv2D(conversion, step);
                break;
            case OperatorKind.DepthwiseConv2D:
                ConvolutionOperators.DepthwiseConv2D(conversion, step);
                break;
            case OperatorKind.MaxPool2D:
                ConvolutionOperators.MaxPool2D(conversion, step);
                break;
            case OperatorKind.Add:
                ElementOperators.Binary(conversion, step, "Add");
                break;
            case OperatorKind.Subtract:
                ElementOperators.Binary(conversion, step, "Sub");
                break;
            case OperatorKind.Multiply:
                ElementOperators.Binary(conversion, step, "Mul");
                break;
            case OperatorKind.Relu:
                ElementOperators.Unary(conversion, step, "Relu");
                break;
            case OperatorKind.Abs:
                ElementOperators.Unary(conversion, step, "Abs");
                break;
            case OperatorKind.PRelu:
                ElementOperators.PRelu(conversion, step);
                break;
            case OperatorKind.Pad:
                ElementOperators.Pad(conversion, step);
                break;
            case OperatorKind.Reshape:
                ElementOperators.Reshape(conversion, step);
                break;
            case OperatorKind.ResizeBilinear:
                ElementOperators.ResizeBilinear(conversion, step);
                break;
            case OperatorKind.StridedSlice:
                ElementOperators.WholeSlice(conversion, step);
                break;
            case OperatorKind.Custom:
                RegionOperators.Convert(conversion, step);
                break;
            default:
                throw new NotSupportedException($"The TFLite operator {(int)step.Kind} is not supported.");
        }
    }
}
