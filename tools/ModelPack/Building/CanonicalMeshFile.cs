using System.Buffers.Binary;
using System.Text;

namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>
/// Reads the canonical face out of MediaPipe's geometry metadata (a protocol buffer: field 1 is the mesh; in it field 3 repeats floats,
/// x, y, z, u, v for each vertex, and field 4 repeats vertex indices, three for each triangle) and writes it as JSON.
/// </summary>
public static class CanonicalMeshFile
{
    private const int VertexCount = 468;
    private const int TriangleCount = 898;
    private const int FloatsOfVertex = 5;
    private const int VarintWire = 0;
    private const int BytesWire = 2;
    private const int FloatWire = 5;

    /// <returns>UTF-8 JSON with flat arrays: vertices (x, y, z), uv (u, v), triangles (three indices).</returns>
    /// <exception cref="InvalidDataException">Damaged, or not a face of 468 vertices and 898 triangles.</exception>
    public static byte[] Convert(byte[] metadata)
    {
        List<float> floats = [];
        List<int> indices = [];
        ReadMesh(FindMesh(metadata), floats, indices);
        if (floats.Count != VertexCount * FloatsOfVertex || indices.Count != TriangleCount * 3)
        {
            throw new InvalidDataException(
                $"The canonical face has {floats.Count} floats and {indices.Count} indices instead of 468 vertices and 898 triangles."
            );
        }

        var text = new StringBuilder("{\n  \"schemaVersion\": 1,\n");
        AppendRows(text, "vertices", VertexCount, row => floats.GetRange(row * FloatsOfVertex, 3));
        AppendRows(text, "uv", VertexCount, row => floats.GetRange((row * FloatsOfVertex) + 3, 2));
        AppendRows(text, "triangles", TriangleCount, row => indices.GetRange(row * 3, 3));
        text.Length -= 2;
        return Encoding.UTF8.GetBytes(text.Append("\n}\n").ToString());
    }

    private static void AppendRows<T>(StringBuilder text, string name, int rows, Func<int, IEnumerable<T>> row)
    {
        IEnumerable<string> lines = Enumerable.Range(0, rows).Select(i => "    " + string.Join(", ", row(i)));
        text.Append($"  \"{name}\": [\n{string.Join(",\n", lines)}\n  ],\n");
    }

    private static ReadOnlySpan<byte> FindMesh(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            ulong tag = Varint(ref message);
            if ((tag & 7) != BytesWire)
            {
                Skip(ref message, (int)(tag & 7));
                continue;
            }

            ReadOnlySpan<byte> content = Take(ref message, checked((int)Varint(ref message)));
            if (tag >> 3 == 1)
            {
                return content;
            }
        }

        throw new InvalidDataException("The geometry metadata holds no mesh.");
    }

    private static void ReadMesh(ReadOnlySpan<byte> mesh, List<float> floats, List<int> indices)
    {
        while (mesh.Length > 0)
        {
            ulong tag = Varint(ref mesh);
            switch (tag)
            {
                case (3 << 3) | FloatWire:
                    floats.Add(BinaryPrimitives.ReadSingleLittleEndian(Take(ref mesh, 4)));
                    break;
                case (4 << 3) | VarintWire:
                    indices.Add(checked((int)Varint(ref mesh)));
                    break;
                default:
                    Skip(ref mesh, (int)(tag & 7));
                    break;
            }
        }
    }

    private static void Skip(scoped ref ReadOnlySpan<byte> message, int wire)
    {
        switch (wire)
        {
            case VarintWire:
                Varint(ref message);
                break;
            case BytesWire:
                Take(ref message, checked((int)Varint(ref message)));
                break;
            case FloatWire:
                Take(ref message, 4);
                break;
            default:
                throw new InvalidDataException($"The geometry metadata holds a field of wire type {wire}.");
        }
    }

    private static ulong Varint(scoped ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(ref message, 1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("The geometry metadata holds a number of more than 64 bits.");
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> message, int length)
    {
        if (length < 0 || length > message.Length)
        {
            throw new InvalidDataException("The geometry metadata is truncated.");
        }

        ReadOnlySpan<byte> taken = message[..length];
        message = message[length..];
        return taken;
    }
}
