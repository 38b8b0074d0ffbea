using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Graphs;

/// <summary>Numbers of tensors whatever their type.</summary>
internal static class TensorValues
{
    /// <exception cref="InvalidOperationException">The tensor holds no plain numbers.</exception>
    public static double[] Doubles(OnnxTensor tensor)
    {
        int size = tensor.Type.Size();
        double[] values = new double[size == 0 ? 0 : tensor.Data.Length / size];
        ReadOnlySpan<byte> bytes = tensor.Data.Span;
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = bytes[(i * size)..];
            values[i] = tensor.Type switch
            {
                OnnxType.Float => BinaryPrimitives.ReadSingleLittleEndian(at),
                OnnxType.Half => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
                OnnxType.Double => BinaryPrimitives.ReadDoubleLittleEndian(at),
                OnnxType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
                OnnxType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                OnnxType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                OnnxType.Uint16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                OnnxType.Int8 => (sbyte)at[0],
                OnnxType.Uint8 or OnnxType.Bool => at[0],
                _ => throw new InvalidOperationException($"{tensor.Name} holds {tensor.Type} and no plain numbers."),
            };
        }

        return values;
    }

    /// <summary>The same numbers as another type; the tensor itself where it is of that already.</summary>
    public static OnnxTensor To(OnnxTensor tensor, OnnxType type)
    {
        if (tensor.Type == type)
        {
            return tensor;
        }

        double[] values = Doubles(tensor);
        return type switch
        {
            OnnxType.Float => OnnxTensor.Of(tensor.Name, tensor.Shape, Array.ConvertAll(values, v => (float)v)),
            OnnxType.Half => OnnxTensor.Of(tensor.Name, tensor.Shape, Array.ConvertAll(values, v => (Half)(float)v)),
            OnnxType.Double => OnnxTensor.Of(tensor.Name, tensor.Shape, values),
            OnnxType.Int64 => OnnxTensor.Of(tensor.Name, tensor.Shape, Array.ConvertAll(values, v => (long)v)),
            OnnxType.Int32 => OnnxTensor.Of(tensor.Name, tensor.Shape, Array.ConvertAll(values, v => (int)v)),
            OnnxType.Uint8 or OnnxType.Bool => new OnnxTensor
            {
                Name = tensor.Name,
                Type = type,
                Shape = tensor.Shape,
                Data = Array.ConvertAll(values, v => (byte)v),
            },
            _ => throw new InvalidOperationException($"{tensor.Name} cannot be given as {type}."),
        };
    }

    /// <summary>Tensors of several single runs as the batch that they make: joined on their first axis.</summary>
    public static OnnxTensor Joined(IReadOnlyList<OnnxTensor> tensors) =>
        new()
        {
            Name = tensors[0].Name,
            Type = tensors[0].Type,
            Shape = [tensors.Sum(t => t.Shape[0]), .. tensors[0].Shape.Skip(1)],
            Data = (byte[])[.. tensors.SelectMany(t => MemoryMarshal.ToEnumerable(t.Data))],
        };
}
