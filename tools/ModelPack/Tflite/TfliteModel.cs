namespace FaceFusion.Batch.ModelPack.Tflite;

/// <summary>The only subgraph of a TFLite file. Field numbers are those of the public schema (tensorflow/lite/schema/schema.fbs).</summary>
public sealed class TfliteModel
{
    private TfliteModel(TfliteTensor[] tensors, TfliteOperator[] operators, int[] inputs, int[] outputs)
    {
        Tensors = tensors;
        Operators = operators;
        Inputs = inputs;
        Outputs = outputs;
    }

    public IReadOnlyList<TfliteTensor> Tensors { get; }

    /// <summary>In an order in which each one's inputs exist.</summary>
    public IReadOnlyList<TfliteOperator> Operators { get; }

    public IReadOnlyList<int> Inputs { get; }

    public IReadOnlyList<int> Outputs { get; }

    /// <exception cref="InvalidDataException">Not a TFLite file, truncated, or with more than one subgraph.</exception>
    public static TfliteModel Read(byte[] file)
    {
        if (file.Length < 8 || !file.AsSpan(4, 4).SequenceEqual("TFL3"u8))
        {
            throw new InvalidDataException("Not a TFLite file: the mark TFL3 is missing.");
        }

        FlatTable root = FlatTable.Root(file);
        if (root.Count(2) != 1)
        {
            throw new InvalidDataException($"The TFLite file has {root.Count(2)} subgraphs; exactly one is supported.");
        }

        FlatTable graph = root.TableAt(2, 0);
        var tensors = new TfliteTensor[graph.Count(0)];
        for (int i = 0; i < tensors.Length; i++)
        {
            FlatTable tensor = graph.TableAt(0, i);
            byte[] content = root.TableAt(4, tensor.Int32(2)).Bytes(0).ToArray();
            tensors[i] = new TfliteTensor(tensor.Text(3), tensor.Int32s(0), tensor.Byte(1), content);
        }

        var operators = new TfliteOperator[graph.Count(3)];
        for (int i = 0; i < operators.Length; i++)
        {
            operators[i] = ReadOperator(root, graph.TableAt(3, i));
        }

        return new TfliteModel(tensors, operators, graph.Int32s(1), graph.Int32s(2));
    }

    /// <summary>The number of the output with this name.</summary>
    public int Output(string name) =>
        Outputs.FirstOrDefault(output => Tensors[output].Name == name, -1) is var found and >= 0
            ? found
            : throw new InvalidDataException($"The TFLite file has no output named {name}.");

    private static TfliteOperator ReadOperator(FlatTable root, FlatTable table)
    {
        FlatTable code = root.TableAt(1, table.Int32(0));
        // Files older than schema 3a hold the number in the first field only; newer ones in the fourth where it exceeds a byte.
        int kind = Math.Max(code.Byte(0), code.Int32(3));
        return new TfliteOperator(
            (OperatorKind)kind,
            code.Text(1),
            table.Int32s(1),
            table.Int32s(2),
            table.Table(4),
            table.Bytes(5).ToArray()
        );
    }
}
