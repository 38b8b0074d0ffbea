using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Precision;

/// <summary>What stays in single precision, and why.</summary>
internal static class HalfRules
{
    /// <summary>Largest finite half.</summary>
    public const float Largest = 65504;

    /// <summary>Half of the least positive half: what is nearer to 0 becomes 0.</summary>
    public const float Least = 2.98023224e-8f;

    private const string Epsilon = "its epsilon and its squares do not fit";
    private const string Sum = "a sum over many values overflows, or loses the small ones";
    private const string Type = "its operator makes single precision only";
    private const string Coordinates = "coordinates need more than 11 bits";
    private const string Range = "its result leaves the range for ordinary values";

    private static readonly Dictionary<string, string> Kept = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = Epsilon,
        ["InstanceNormalization"] = Epsilon,
        ["LayerNormalization"] = Epsilon,
        ["GroupNormalization"] = Epsilon,
        ["LpNormalization"] = Epsilon,
        ["MeanVarianceNormalization"] = Epsilon,
        ["LRN"] = Epsilon,
        ["ReduceSum"] = Sum,
        ["ReduceSumSquare"] = Sum,
        ["ReduceMean"] = Sum,
        ["ReduceL1"] = Sum,
        ["ReduceL2"] = Sum,
        ["ReduceLogSum"] = Sum,
        ["ReduceLogSumExp"] = Sum,
        ["ReduceProd"] = Sum,
        ["CumSum"] = Sum,
        ["Exp"] = Range,
        ["Log"] = Range,
        ["Pow"] = Range,
        ["Reciprocal"] = Range,
        ["Sqrt"] = Range,
        ["Tan"] = Range,
        ["Range"] = Type,
        ["NonMaxSuppression"] = Type,
        ["RoiAlign"] = Type,
        ["MaxRoiPool"] = Type,
        ["EyeLike"] = Type,
        ["Multinomial"] = Type,
        ["Bernoulli"] = Type,
        ["RandomNormal"] = Type,
        ["RandomNormalLike"] = Type,
        ["RandomUniform"] = Type,
        ["RandomUniformLike"] = Type,
        ["QuantizeLinear"] = Type,
        ["DequantizeLinear"] = Type,
        ["DynamicQuantizeLinear"] = Type,
        ["CastLike"] = Type,
        ["OneHot"] = Type,
        ["GridSample"] = Coordinates,
        ["Upsample"] = Coordinates,
        ["Resize"] = Coordinates,
        ["AffineGrid"] = Coordinates,
    };

    /// <summary>Why a node with this operator stays; null where it need not.</summary>
    public static string? WhyKept(OnnxNode node) =>
        node.Domain.Length > 0 ? $"its operator is of {node.Domain}" : Kept.GetValueOrDefault(node.Operator);

    /// <summary>Why a constant does not fit; null where it does. Zeros of a long list do no harm, a lost epsilon does.</summary>
    public static string? WhyUnfit(OnnxTensor constant)
    {
        if (constant.Type != OnnxType.Float)
        {
            return null;
        }

        float[] values = constant.ToFloats();
        int over = values.Count(v => Math.Abs(v) > Largest && float.IsFinite(v));
        return over > 0 ? $"{constant.Name} holds {over} values over {Largest}"
            : values.Length <= 16 && Array.Exists(values, v => v != 0 && Math.Abs(v) <= Least)
                ? $"{constant.Name} would become 0"
            : null;
    }
}
