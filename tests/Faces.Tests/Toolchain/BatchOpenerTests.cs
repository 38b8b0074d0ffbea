using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.Faces.Toolchain.Batching;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

public sealed class BatchOpenerTests
{
    [Fact]
    public void Open_AttentionResizeAndRows_RunsEverySampleAsAlone()
    {
        byte[] file = FixedBatch.Network();

        byte[] open = BatchOpener.Open(file);

        OnnxGraph graph = ToolNetworks.Graph(open);
        Assert.Equal("N,3,8,8", string.Join(',', graph.Inputs[0].Shape!));
        Assert.Equal("1", string.Join(',', graph.Inputs[1].Shape!));
        Assert.Equal("N,4,16,16", string.Join(',', graph.Outputs[0].Shape!));
        Assert.Equal("N,6", string.Join(',', graph.Outputs[1].Shape!));
        Assert.All(
            BatchOpener.Verify(file, open, ToolNetworks.Noise(file, 3)),
            output => Assert.InRange(output.RelativeL2, 0, 1e-6)
        );
    }

    [Fact]
    public void Open_Reshapes_CopyTheBatchOrLeaveItOver()
    {
        OnnxGraph graph = ToolNetworks.Graph(BatchOpener.Open(FixedBatch.Network()));

        string[] shapes =
        [
            .. graph
                .Nodes.Where(n => n.Operator == "Reshape")
                .Select(n => graph.Initializers.First(t => t.Name == n.Inputs[1]).ToIntegers())
                .Select(shape => string.Join(',', shape))
                .Distinct(),
        ];

        // To tokens; to heads; heads folded into the batch and taken out again; back to a picture; a row of all.
        Assert.Equal(["0,8,64", "0,64,2,4", "-1,64,4", "-1,2,64,4", "0,8,8,8", "0,-1"], shapes);
    }

    [Theory]
    [InlineData("expand", "Concat", "Expand")]
    [InlineData("tile", "Tile", "repeats the batch 2 times")]
    [InlineData("constant-of-shape", "Concat", "ConstantOfShape")]
    [InlineData("grid", "GridSample", "one row for the whole batch")]
    [InlineData("modulated", "Conv", "weights")]
    [InlineData("mean", "ReduceMean", "along the batch")]
    [InlineData("squeeze", "Squeeze", "drops the batch")]
    [InlineData("gather", "Gather", "rows of the batch")]
    [InlineData("slice", "Slice", "rows of the batch")]
    [InlineData("join", "Concat", "along the batch")]
    [InlineData("rows", "Add", "each row of the batch")]
    [InlineData("suppress", "NonZero", "keep samples apart")]
    [InlineData("product", "MatMul", "with each other")]
    public void Open_Hazard_IsRefusedByName(string kind, string node, string why)
    {
        ModelException e = Assert.Throws<ModelException>(() => BatchOpener.Open(FixedBatch.Hazard(kind)));

        Assert.Equal("model-batch", e.Code);
        Assert.Contains($"{node} ", e.Message, StringComparison.Ordinal);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_DependenceThatOnlyARunShows_IsRefused()
    {
        byte[] file = FixedBatch.Hidden();

        ModelException e = Assert.Throws<ModelException>(() =>
            ModelTransforms.Batch(file, ToolNetworks.Noise(file, 3))
        );

        Assert.Equal("model-batch", e.Code);
        Assert.Contains("comes out different", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BatchOfTwo_IsRefused()
    {
        OnnxBuilder b = new();
        b.Output("output", b.Node("Relu", [b.Input("input", OnnxType.Float, 2, 4)]), OnnxType.Float, 2, 4);

        ModelException e = Assert.Throws<ModelException>(() => BatchOpener.Open(b.ToBytes("two")));

        Assert.Contains("input has a fixed first length of 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ToolNetworks.BuiltIn), MemberType = typeof(ToolNetworks))]
    public void Open_BuiltInClosedToOne_OpensAgain(string id)
    {
        OnnxModel closed = OnnxReader.Read(ToolNetworks.File(id));
        Close(closed.Graph.Inputs);
        Close(closed.Graph.Outputs);
        foreach (
            OnnxTensor shape in closed.Graph.Initializers.Where(t => t.Type == OnnxType.Int64 && t.Count > 1).ToArray()
        )
        {
            long[] lengths = shape.ToIntegers();
            if (lengths[0] == -1)
            {
                // As an exporter with a batch of one writes it.
                lengths[0] = 1;
                closed.Graph.Initializers[closed.Graph.Initializers.IndexOf(shape)] = OnnxTensor.Of(
                    shape.Name,
                    shape.Shape,
                    lengths
                );
            }
        }

        byte[] file = OnnxWriter.Write(closed);
        byte[] open = BatchOpener.Open(file);

        IReadOnlyList<OutputDifference> outputs = BatchOpener.Verify(file, open, ToolNetworks.Noise(file, 3, id));
        Assert.All(outputs, output => Assert.InRange(output.RelativeL2, 0, BatchOpener.Gate));
        Assert.All(ToolNetworks.Graph(open).Outputs, output => Assert.Equal("N", output.Shape![0].Symbol));
    }

    private static void Close(List<OnnxValue> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = values[i] with { Shape = [1L, .. values[i].Shape!.Skip(1)] };
        }
    }
}
