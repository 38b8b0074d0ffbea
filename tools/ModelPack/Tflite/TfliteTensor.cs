using System.Runtime.InteropServices;

namespace FaceFusion.Batch.ModelPack.Tflite;

/// <summary>A tensor of a TFLite graph; constants carry their bytes.</summary>
/// <param name="Name">The name inside the file.</param>
/// <param name="Shape">NHWC where it has four dimensions.</param>
/// <param name="ElementType">See the constants below; other types are refused when read.</param>
/// <param name="Content">Little-endian elements of a constant; empty for a value that an operator makes.</param>
public sealed record TfliteTensor(string Name, int[] Shape, int ElementType, byte[] Content)
{
    private const int Float32 = 0;
    private const int Float16 = 1;
    private const int Int32 = 2;

    public bool IsConstant => Content.Length > 0;

    /// <summary>The elements of a float constant, half precision widened.</summary>
    public float[] Floats() =>
        ElementType switch
        {
            Float32 => MemoryMarshal.Cast<byte, float>(Content).ToArray(),
            Float16 => [.. MemoryMarshal.Cast<byte, Half>(Content).ToArray().Select(half => (float)half)],
            _ => throw new InvalidDataException(
                $"The tensor {Name} has element type {ElementType}, which is not a float."
            ),
        };

    public int[] Int32s() =>
        ElementType == Int32
            ? MemoryMarshal.Cast<byte, int>(Content).ToArray()
            : throw new InvalidDataException($"The tensor {Name} has element type {ElementType}, which is not int32.");
}
