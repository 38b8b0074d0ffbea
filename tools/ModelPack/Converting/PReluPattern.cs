using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>
/// A PReLU that its author spelled out, relu(x) + c * (x - |x|), as five operators in this order: Relu, Abs, Sub, Mul by a constant for each
/// channel, Add. Below zero it is 2 * c * x.
/// </summary>
internal static class PReluPattern
{
    /// <summary>Operators of the pattern.</summary>
    public const int Length = 5;

    /// <summary>Translates the operators from <paramref name="first"/> on if they are the pattern.</summary>
    public static bool TryTranslate(Conversion conversion, IReadOnlyList<TfliteOperator> steps, int first)
    {
        if (first + Length > steps.Count)
        {
            return false;
        }

        TfliteOperator relu = steps[first];
        TfliteOperator abs = steps[first + 1];
        TfliteOperator difference = steps[first + 2];
        TfliteOperator product = steps[first + 3];
        TfliteOperator sum = steps[first + 4];
        if (
            relu.Kind != OperatorKind.Relu
            || abs.Kind != OperatorKind.Abs
            || difference.Kind != OperatorKind.Subtract
            || product.Kind != OperatorKind.Multiply
            || sum.Kind != OperatorKind.Add
        )
        {
            return false;
        }

        int input = relu.Inputs[0];
        int slopes = product.Inputs[0];
        bool fits =
            abs.Inputs[0] == input
            && difference.Inputs.SequenceEqual([input, abs.Outputs[0]])
            && conversion.IsConstant(slopes)
            && product.Inputs[1] == difference.Outputs[0]
            && sum.Inputs.SequenceEqual([relu.Outputs[0], product.Outputs[0]]);
        if (
            !fits
            || conversion.Shape(input) is not [_, _, _, var channels]
            || conversion.Shape(slopes) is not [var count]
        )
        {
            return false;
        }

        if (count != channels)
        {
            return false;
        }

        float[] below = [.. conversion.Floats(slopes).Select(c => 2 * c)];
        conversion.Set(sum.Outputs[0], ElementOperators.PRelu(conversion.Graph, conversion.Value(input), below));
        return true;
    }
}
