using System.Buffers.Binary;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

/// <summary>
/// Cuts a part out of a TFLite file by editing its vectors in place: the part between one tensor and some others, without the operators
/// that the original runtime lacks.
/// </summary>
internal static class TfliteCut
{
    /// <returns>The same file with other inputs, outputs and fewer operators.</returns>
    public static byte[] Between(byte[] file, int from, params int[] to)
    {
        var model = TfliteModel.Read(file);
        int[] kept = NeededOperators(model, from, to);
        byte[] cut = [.. file];
        int root = Int32(cut, 0);
        int graphs = Vector(cut, root, 2);
        int graph = graphs + 4 + Int32(cut, graphs + 4);

        int operators = Vector(cut, graph, 3);
        int[] places = [.. kept.Select(i => operators + 4 + (4 * i)).Select(slot => slot + Int32(cut, slot))];
        for (int i = 0; i < places.Length; i++)
        {
            int slot = operators + 4 + (4 * i);
            Write(cut, slot, places[i] - slot);
        }

        Write(cut, operators, places.Length);
        Write(cut, Vector(cut, graph, 1) + 4, from);
        int outputs = Vector(cut, graph, 2);
        Assert.True(to.Length <= Int32(cut, outputs));
        Write(cut, outputs, to.Length);
        for (int i = 0; i < to.Length; i++)
        {
            Write(cut, outputs + 4 + (4 * i), to[i]);
        }

        return cut;
    }

    private static int[] NeededOperators(TfliteModel model, int from, int[] to)
    {
        HashSet<int> wanted = [.. to];
        List<int> kept = [];
        for (int i = model.Operators.Count - 1; i >= 0; i--)
        {
            if (model.Operators[i].Outputs.Any(output => output != from && wanted.Contains(output)))
            {
                kept.Add(i);
                wanted.UnionWith(model.Operators[i].Inputs);
            }
        }

        kept.Reverse();
        return [.. kept];
    }

    private static int Vector(byte[] file, int table, int field)
    {
        int vtable = table - Int32(file, table);
        int place = table + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(vtable + 4 + (2 * field)));
        return place + Int32(file, place);
    }

    private static int Int32(byte[] file, int position) =>
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(position));

    private static void Write(byte[] file, int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(position), value);
}
