using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Optimising;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

public sealed class ModelOptimizerTests
{
    [Fact]
    public void Optimize_NetworkOfAllWaste_LeavesOnlyWhatComputes()
    {
        byte[] file = Wasteful.Network();

        (byte[] small, IReadOnlyList<PassReport> passes) = ModelOptimizer.Optimize(file);

        OnnxGraph graph = ToolNetworks.Graph(small);
        Assert.Equal(
            ["Conv", "Relu", "Conv", "Relu", "ConvTranspose", "Reshape", "Mul", "Add", "Gemm"],
            graph.Nodes.Select(n => n.Operator)
        );
        // The dead branch's constants and the folded ones are gone, equal ones are one: three convolutions and a Gemm with their
        // biases, a shape, and the 0.5 that is both factor and summand.
        Assert.Equal(10, graph.Initializers.Count);
        Assert.True(small.Length < file.Length);
        Assert.All(
            passes.SkipLast(1).Zip(passes.Skip(1)),
            pair => Assert.Equal(pair.First.NodesAfter, pair.Second.NodesBefore)
        );
        // Rounding of single precision over eight layers: seen 2.4e-7.
        Assert.InRange(ToolNetworks.Compare(file, small, ToolNetworks.Noise(file)).Worst, 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(ToolNetworks.BuiltIn), MemberType = typeof(ToolNetworks))]
    public void Optimize_BuiltIn_IsSmallerAndTheSame(string id)
    {
        byte[] file = ToolNetworks.File(id);

        (byte[] small, IReadOnlyList<PassReport> passes) = ModelOptimizer.Optimize(file);

        Assert.True(ToolNetworks.Graph(small).Nodes.Count < ToolNetworks.Graph(file).Nodes.Count);
        Assert.True(small.Length < file.Length, "weights kept as halves must not be unpacked");
        Assert.Contains(
            passes.SelectMany(p => p.Notes),
            note => note.Contains("half-precision weights stay", StringComparison.Ordinal)
        );
        // Nothing of these networks is fused, so nothing is rounded.
        Assert.Equal(0, ToolNetworks.Compare(file, small, ToolNetworks.Noise(file, 1, id)).Worst);
    }

    [Fact]
    public void Optimize_HalfWeights_AreFusedOnlyWhereTheFileMayGrow()
    {
        byte[] file = Wasteful.HalfWeights();

        byte[] kept = ModelOptimizer.Optimize(file).File;
        byte[] unpacked = ModelOptimizer.Optimize(file, unpackHalves: true).File;

        Assert.Equal(["Cast", "Conv", "Mul"], ToolNetworks.Graph(kept).Nodes.Select(n => n.Operator));
        Assert.True(kept.Length <= file.Length);
        Assert.Equal(["Conv"], ToolNetworks.Graph(unpacked).Nodes.Select(n => n.Operator));
        Assert.InRange(unpacked.Length, 32 * 32 * 9 * 4, (32 * 32 * 9 * 4) + 1000);
        Assert.InRange(ToolNetworks.Compare(file, unpacked, ToolNetworks.Noise(file)).Worst, 0, 1e-6);
    }

    [Fact]
    public void Optimize_OldFile_ConstantsAreNoInputsAnyMore()
    {
        OnnxModel model = OnnxReader.Read(Wasteful.HalfWeights());
        model.IrVersion = 3;
        model.Graph.Inputs.AddRange(
            model.Graph.Initializers.Select(t => new OnnxValue(
                t.Name,
                t.Type,
                [.. t.Shape.Select(d => new OnnxDimension(d))]
            ))
        );
        byte[] old = OnnxWriter.Write(model);

        byte[] small = ModelOptimizer.Optimize(old).File;

        Assert.Equal(["input"], ToolNetworks.Graph(small).Inputs.Select(i => i.Name));
        Assert.Equal(4, OnnxReader.Read(small).IrVersion);
        Assert.Equal(0, ToolNetworks.Compare(small, Wasteful.HalfWeights(), ToolNetworks.Noise(small)).Worst);
    }

    [Fact]
    public void Optimize_ValueThatAGraphWithinANodeTakes_KeepsItsName()
    {
        byte[] file = WithBranch();

        byte[] small = ModelOptimizer.Optimize(file).File;

        // The Identity that makes "shared" stays, for the branches know it by this name; the dead one goes.
        Assert.Contains(ToolNetworks.Graph(small).Nodes, n => n.Outputs.Contains("shared"));
        Assert.Equal(2, ToolNetworks.Graph(small).Nodes.Count);
        Assert.Equal(0, ToolNetworks.Compare(file, small, ToolNetworks.Noise(file)).Worst);
    }

    [Fact]
    public void Optimize_ConstantsThatWouldFillTheMemory_StayNodes()
    {
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, 1);
        // Four thousand billion zeros, of which one is picked.
        string huge = b.Node("ConstantOfShape", [b.Integers(4_000_000_000_000)]);
        b.Output("output", b.Node("Add", [x, b.Node("Gather", [huge, b.Integers(0)])]), OnnxType.Float, 1);

        byte[] small = ModelOptimizer.Optimize(b.ToBytes("huge")).File;

        Assert.Equal(1, ToolNetworks.Count(small, "ConstantOfShape"));
    }

    [Fact]
    public void Optimize_WeightsInAnotherFile_IsRefused()
    {
        OnnxModel model = OnnxReader.Read(Wasteful.HalfWeights());
        model.Graph.Initializers[0] = new OnnxTensor
        {
            Name = model.Graph.Initializers[0].Name,
            Type = OnnxType.Half,
            Shape = model.Graph.Initializers[0].Shape,
            External = new Dictionary<string, string> { ["location"] = "weights.bin" },
        };

        ModelException e = Assert.Throws<ModelException>(() => ModelOptimizer.Optimize(OnnxWriter.Write(model)));

        Assert.Equal("model-unsupported", e.Code);
    }

    [Fact]
    public void Gate_OneWeightWrong_IsNotLetThrough()
    {
        byte[] file = Wasteful.Network();
        OnnxModel broken = OnnxReader.Read(ModelOptimizer.Optimize(file).File);
        int at = broken.Graph.Initializers.FindIndex(t => t.Shape.Count == 4);
        float[] weights = broken.Graph.Initializers[at].ToFloats();
        weights[0] += 0.01f;
        broken.Graph.Initializers[at] = OnnxTensor.Of(
            broken.Graph.Initializers[at].Name,
            broken.Graph.Initializers[at].Shape,
            weights
        );

        Comparison comparison = ToolNetworks.Compare(file, OnnxWriter.Write(broken), ToolNetworks.Noise(file));

        ModelException e = Assert.Throws<ModelException>(() => comparison.Require(1e-4));
        Assert.Equal("parity-gate", e.Code);
        Assert.Contains("output", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Input [1, 4]; If adds or takes away "shared", which is the input through an Identity.</summary>
    private static byte[] WithBranch()
    {
        OnnxModel model = new OnnxBuilder().ToModel("branch");
        OnnxGraph graph = model.Graph;
        graph.Inputs.Add(new OnnxValue("input", OnnxType.Float, [1L, 4L]));
        graph.Initializers.Add(
            new OnnxTensor
            {
                Name = "yes",
                Type = OnnxType.Bool,
                Shape = [1],
                Data = new byte[] { 1 },
            }
        );
        graph.Nodes.Add(Node("Identity", ["input"], "shared"));
        graph.Nodes.Add(Node("Identity", ["input"], "dead"));
        OnnxNode branch = Node("If", ["yes"], "output");
        branch.Attributes.Add(Branch("then_branch", "Add"));
        branch.Attributes.Add(Branch("else_branch", "Sub"));
        graph.Nodes.Add(branch);
        graph.Outputs.Add(new OnnxValue("output", OnnxType.Float, [1L, 4L]));
        return OnnxWriter.Write(model);
    }

    private static OnnxAttribute Branch(string name, string operation)
    {
        OnnxGraph graph = new() { Name = name };
        graph.Nodes.Add(Node(operation, ["shared", "shared"], $"{name}_out"));
        graph.Outputs.Add(new OnnxValue($"{name}_out", OnnxType.Float, [1L, 4L]));
        return new OnnxAttribute
        {
            Name = name,
            Kind = OnnxAttributeKind.Graph,
            Graph = graph,
        };
    }

    private static OnnxNode Node(string operation, string[] inputs, string output)
    {
        OnnxNode node = new() { Name = output, Operator = operation };
        node.Inputs.AddRange(inputs);
        node.Outputs.Add(output);
        return node;
    }
}
