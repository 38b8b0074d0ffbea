using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Benching;

/// <summary>Networks with the inputs and outputs of others that always answer the same.</summary>
internal static class ConstantNetworks
{
    /// <summary>All of the network's work, and the constant face as its answer: whatever comes out is limited to it from both sides.</summary>
    public static byte[] Pinned(byte[] model, ConstantFace face)
    {
        OnnxModel network = OnnxReader.Read(model);
        foreach (OnnxValue output in network.Graph.Outputs)
        {
            string found = $"{output.Name}_found";
            string wanted = $"{output.Name}_wanted";
            Rename(network.Graph, output.Name, found);
            network.Graph.Initializers.Add(OnnxTensor.Of(wanted, OneRow(output), face.Of(output.Name)));
            Add(network.Graph, "Max", found, wanted, $"{output.Name}_atleast");
            Add(network.Graph, "Min", $"{output.Name}_atleast", wanted, output.Name);
        }

        return OnnxWriter.Write(network);
    }

    /// <summary>No work: the answer, once for each picture of the batch.</summary>
    public static byte[] Free(byte[] model, ConstantFace face, string name)
    {
        OnnxModel network = OnnxReader.Read(model);
        OnnxBuilder net = new();
        OnnxValue picture = network.Graph.Inputs[0];
        string input = net.Input(picture.Name, picture.Type, picture.Shape!);
        string corner = net.Node("Slice", [input, net.Integers(0, 0, 0), net.Integers(1, 1, 1), net.Integers(1, 2, 3)]);
        string nothing = net.Node("Mul", [corner, net.Scalar(0)]);
        foreach (OnnxValue output in network.Graph.Outputs)
        {
            long[] row = OneRow(output);
            long[] ones = [-1, .. Enumerable.Repeat(1L, row.Length - 1)];
            string rows = net.Node("Reshape", [nothing, net.Integers(ones)]);
            string answer = net.Node("Add", [net.Constant(row, face.Of(output.Name)), rows]);
            net.Output(output.Name, answer, output.Type, output.Shape!);
        }

        return net.ToBytes(name);
    }

    private static long[] OneRow(OnnxValue output) => [.. output.Shape!.Select((d, i) => i == 0 ? 1 : d.Length ?? 1)];

    private static void Rename(OnnxGraph graph, string from, string to)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            Rename(node.Inputs, from, to);
            Rename(node.Outputs, from, to);
        }
    }

    private static void Rename(List<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == from ? to : names[i];
        }
    }

    private static void Add(OnnxGraph graph, string operation, string a, string b, string output)
    {
        OnnxNode node = new() { Name = $"{output}_{operation}", Operator = operation };
        node.Inputs.AddRange([a, b]);
        node.Outputs.Add(output);
        graph.Nodes.Add(node);
    }
}
