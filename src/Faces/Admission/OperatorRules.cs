using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// Which operators a model may use. Left out of ONNX's own are: those with graphs of their own (If, Loop, Scan, SequenceMap), sequences,
/// optionals, texts, decoders of pictures, training, and attention in one operator, whose kernels are young and which no family needs.
/// </summary>
internal static class OperatorRules
{
    private static readonly HashSet<string> Allowed = new(
        """
        Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitShift BitwiseAnd
        BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat Constant
        ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout
        DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm
        GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow
        HardSigmoid HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual
        Log LogSoftmax LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization
        MelWeightMatrix Min Mish Mod Mul Neg NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul
        QuantizeLinear RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2
        ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize
        ReverseSequence RoiAlign Round STFT Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax
        Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze
        Upsample Where Xor
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal
    );

    public static void Judge(OnnxNode node, FindingList findings)
    {
        if (node.Domain.Length > 0)
        {
            findings.Refuse(
                "model-operator",
                $"It uses {node.Operator} of {node.Domain}, which is none of ONNX's own operators: export it again with those alone, and without a runtime's optimisation."
            );
        }
        else if (!Allowed.Contains(node.Operator))
        {
            findings.Refuse(
                "model-operator",
                $"It uses the operator {node.Operator}, which is not on the list of those that a model may use: export it again without."
            );
        }
        else if (node.Operator.StartsWith("Random", StringComparison.Ordinal))
        {
            findings.Warn(
                "model-random",
                $"It draws random numbers ({node.Operator}): the same frame comes out differently each time."
            );
        }

        JudgeAttributes(node, findings);
    }

    private static void JudgeAttributes(OnnxNode node, FindingList findings)
    {
        for (int i = 0; i < node.Attributes.Count; i++)
        {
            OnnxAttribute attribute = node.Attributes[i];
            bool hasTensors = attribute.Tensor is not null || attribute.Tensors.Count > 0;
            if (attribute.Graph is not null || attribute.Graphs.Count > 0)
            {
                findings.Refuse(
                    "model-subgraph",
                    $"A {node.Operator} has a graph of its own: export it again without."
                );
            }
            else if (
                attribute.HasUnread
                || attribute.Kind is <= OnnxAttributeKind.Undefined or > OnnxAttributeKind.Graphs
                || (hasTensors && attribute.Kind is not (OnnxAttributeKind.Tensor or OnnxAttributeKind.Tensors))
            )
            {
                findings.Refuse(
                    "model-attribute",
                    $"The attribute {attribute.Name} of a {node.Operator} is none of the kinds that operators take here: export it again."
                );
            }

            if (i >= MostAttributes || node.Attributes.FindIndex(a => a.Name == attribute.Name) != i)
            {
                findings.Refuse(
                    "model-attribute",
                    $"A {node.Operator} has the attribute {attribute.Name} twice, or more attributes than any operator takes: export it again."
                );
                return;
            }
        }
    }

    /// <summary>ONNX's operators have 12 at most.</summary>
    private const int MostAttributes = 64;
}
