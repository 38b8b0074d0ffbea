using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.Faces.Toolchain.Precision;
using FaceFusion.Batch.Faces.Toolchain.Quantising;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

public sealed class HalfConverterTests
{
    [Fact]
    public void Convert_Hazards_StayInSinglePrecisionByName()
    {
        byte[] file = HalfHazards.Network();
        IReadOnlyDictionary<string, float> magnitudes = ActivationRanges.Magnitudes(file, ToolNetworks.Noise(file));

        (byte[] half, HalfReport report) = HalfConverter.Convert(file, largest: magnitudes);

        Assert.Equal(
            ["Add", "Div", "InstanceNormalization", "Mul", "Mul", "Mul", "ReduceSum", "Resize"],
            report.Kept.Select(k => k.Operator).Order(StringComparer.Ordinal)
        );
        Assert.Contains(report.Kept, k => k.Why == "epsilon would become 0");
        Assert.Contains(report.Kept, k => k.Why == "million holds 1 values over 65504");
        Assert.Contains(report.Kept, k => k.Why.Contains("reaches", StringComparison.Ordinal));
        // 11 bits a value; one lost hazard makes it no number at all.
        Assert.InRange(ToolNetworks.Compare(file, half, ToolNetworks.Noise(file)).Worst, 1e-6, 3e-3);
    }

    [Theory]
    [InlineData(true, OnnxType.Float)]
    [InlineData(false, OnnxType.Half)]
    public void Convert_Interface_HasThePrecisionThatWasAskedFor(bool keep, OnnxType expected)
    {
        byte[] file = HalfHazards.Network();

        byte[] half = HalfConverter
            .Convert(file, keep, ActivationRanges.Magnitudes(file, ToolNetworks.Noise(file)))
            .File;

        OnnxGraph graph = ToolNetworks.Graph(half);
        Assert.All(graph.Inputs.Concat(graph.Outputs), value => Assert.Equal(expected, value.Type));
        Assert.InRange(ToolNetworks.Compare(file, half, ToolNetworks.Noise(file)).Worst, 1e-6, 3e-3);
    }

    [Fact]
    public void Convert_WeightsThatAreHalvesAlready_LoseTheirCasts()
    {
        byte[] file = Wasteful.HalfWeights();

        byte[] half = HalfConverter.Convert(file, keepInterface: false).File;

        Assert.Equal(["Conv", "Mul"], ToolNetworks.Graph(half).Nodes.Select(n => n.Operator));
        Assert.True(half.Length <= file.Length);
    }

    [Theory]
    [MemberData(nameof(ToolNetworks.BuiltIn), MemberType = typeof(ToolNetworks))]
    public void Half_BuiltIn_IsWithinTheGateAndNoLarger(string id)
    {
        byte[] file = ToolNetworks.File(id);
        IReadOnlyList<IReadOnlyList<OnnxTensor>> noise = ToolNetworks.Noise(file, 1, id);

        ModelTransform half = ModelTransforms.Half(file, noise);

        Assert.True(half.File.Length < file.Length);
        Assert.True(ToolNetworks.Count(half.File, "Cast") < 30, "weights must not be cast any more");
        Assert.All(ToolNetworks.Graph(half.File).Inputs, i => Assert.Equal(OnnxType.Float, i.Type));
        // Seen: 4.2e-3 (mobilefacenet), 3.9e-4 and 2.2e-4.
        Assert.InRange(ToolNetworks.Compare(file, half.File, noise).Worst, 1e-6, half.Gate);
    }
}
