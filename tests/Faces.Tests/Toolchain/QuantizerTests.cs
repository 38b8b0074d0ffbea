using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using FaceFusion.Batch.Faces.Toolchain.Optimising;
using FaceFusion.Batch.Faces.Toolchain.Quantising;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

public sealed class QuantizerTests
{
    [Theory]
    [InlineData(false, OnnxType.Uint8)]
    [InlineData(true, OnnxType.Int8)]
    public void Quantize_Network_StandsAroundConvolutionsAndProducts(bool isSymmetric, OnnxType values)
    {
        byte[] file = ModelOptimizer.Optimize(Wasteful.Network()).File;

        (byte[] whole, QuantizeReport report) = Quantizer.Quantize(
            file,
            ToolNetworks.Noise(file, 4),
            new QuantizeOptions { IsSymmetric = isSymmetric }
        );

        OnnxGraph graph = ToolNetworks.Graph(whole);
        GraphView view = new(graph);
        OnnxNode[] quantised = [.. graph.Nodes.Where(n => n.Operator is "Conv" or "Gemm")];
        Assert.Equal(3, report.Quantised);
        Assert.All(
            quantised.SelectMany(n => n.Inputs),
            name => Assert.Equal("DequantizeLinear", view.Maker(name)!.Operator)
        );
        Assert.All(
            graph.Nodes.Where(n => n.Operator == "QuantizeLinear"),
            n => Assert.Equal(values, view.Constant(n.Inputs[2])!.Type)
        );
        // A scale for each output channel: 6 convolution channels, and the 4 columns of Gemm.
        Assert.Equal([6, 6, 4], quantised.Select(n => (int)view.Constant(view.Maker(n.Inputs[1])!.Inputs[1])!.Count));
        // 8 bits a value: seen 1e-2 unsigned and 2e-2 signed.
        Assert.InRange(ToolNetworks.Compare(file, whole, ToolNetworks.Noise(file)).Worst, 1e-4, 4e-2);
    }

    [Fact]
    public void Quantize_WeightsOfVeryDifferentChannels_KeepTheSmallOnes()
    {
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, 1, 2, 4, 4);
        // The second channel is a ten-thousandth of the first: 0 with one scale for both.
        string y = b.Node("Conv", [x, b.Constant([2, 2, 1, 1], [1f, -0.5f, 1e-4f, -0.3e-4f])]);
        IReadOnlyList<string> parts = b.Nodes("Split", [y], 2, OnnxAttribute.Of("axis", 1));
        b.Output("large", parts[0], OnnxType.Float, 1, 1, 4, 4);
        b.Output("little", parts[1], OnnxType.Float, 1, 1, 4, 4);
        byte[] file = b.ToBytes("channels");

        byte[] whole = Quantizer.Quantize(file, ToolNetworks.Noise(file, 4)).File;

        Assert.InRange(ToolNetworks.Compare(file, whole, ToolNetworks.Noise(file)).Worst, 0, 2e-2);
    }

    [Fact]
    public void Quantize_Percentile_CutsARareValueOff()
    {
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, 1, 1, 20, 20);
        b.Output("output", b.Node("Conv", [x, b.Constant([2, 1, 1, 1], [1f, 2f])]), OnnxType.Float, 1, 2, 20, 20);
        byte[] file = b.ToBytes("rare");
        IReadOnlyList<IReadOnlyList<OnnxTensor>> usual = ToolNetworks.Noise(file);
        float[] rare = usual[0][0].ToFloats();
        rare[7] = 1000;
        IReadOnlyList<OnnxTensor>[] calibration =
        [
            [OnnxTensor.Of("input", [1, 1, 20, 20], rare)],
        ];

        byte[] widest = Quantizer.Quantize(file, calibration).File;
        byte[] most = Quantizer.Quantize(file, calibration, new QuantizeOptions { Percentile = 99 }).File;

        Assert.InRange(ToolNetworks.Compare(file, most, usual).Worst, 0, 3e-2);
        Assert.True(ToolNetworks.Compare(file, widest, usual).Worst > 0.3);
    }

    [Fact]
    public void Quantize_NamedNodeAndFactors_StayAsTheyAre()
    {
        byte[] file = ModelOptimizer.Optimize(Wasteful.Network()).File;
        string name = ToolNetworks.Graph(file).Nodes.First(n => n.Operator == "Gemm").Name;

        QuantizeReport report = Quantizer
            .Quantize(file, ToolNetworks.Noise(file), new QuantizeOptions { Keep = [name] })
            .Report;

        Assert.Equal(2, report.Quantised);
        Assert.Equal([$"Gemm {name}: it was named"], report.Kept);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    public void Quantize_OldOperators_AreRaisedExactly(long opset)
    {
        byte[] file = OldOperators.Network(opset);
        OnnxModel raised = OnnxReader.Read(file);

        OpsetRaiser.Raise(raised);

        Assert.Equal(13, raised.Opset);
        // Settings moved, nothing computed otherwise.
        Assert.InRange(ToolNetworks.Compare(file, OnnxWriter.Write(raised), ToolNetworks.Noise(file)).Worst, 0, 1e-7);
        Assert.Equal(2, Quantizer.Quantize(file, ToolNetworks.Noise(file)).Report.Quantised);
    }

    [Theory]
    [InlineData(12, 0, "Softmax")]
    [InlineData(8, 1, "operators 8")]
    public void Quantize_OldMeaning_IsRefusedByName(long opset, long softmaxAxis, string named)
    {
        OnnxModel model = OnnxReader.Read(OldOperators.Network(Math.Max(9, opset), softmaxAxis));
        model.Opsets[""] = opset;

        ModelException e = Assert.Throws<ModelException>(() => OpsetRaiser.Raise(model));

        Assert.Equal("model-opset", e.Code);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    // Twice what is seen on a portrait that was not calibrated on: boxes, points, and an identity, which suffers most.
    [InlineData("detector-full-range", 0.1)]
    [InlineData("face-mesh-attention", 0.03)]
    [InlineData("mobilefacenet", 0.6)]
    public void Quantize_BuiltIn_IsNearOnAFaceThatItWasNotCalibratedOn(string id, double most)
    {
        byte[] file = ToolNetworks.File(id);
        IReadOnlyList<IReadOnlyList<OnnxTensor>> faces = ToolNetworks.Faces(id, "audrey_crop.jpg", "cage2_crop.jpg");

        ModelTransform whole = ModelTransforms.Quantize(file, [faces[0]]);

        Assert.InRange(ToolNetworks.Compare(file, whole.File, [faces[1]]).Worst, 1e-4, most);
        Assert.True(whole.File.Length < 0.7 * file.Length);
    }
}
