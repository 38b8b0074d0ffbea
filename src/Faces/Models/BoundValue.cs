using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>A pinned array and the runtime's view of it.</summary>
internal sealed class BoundValue : IDisposable
{
    private readonly Float16[]? _halves;

    public BoundValue(NodeMetadata metadata, long[] shape)
    {
        Shape = shape;
        int length = checked((int)shape.Aggregate(1L, (a, b) => checked(a * b)));
        Floats = GC.AllocateArray<float>(length, pinned: true);
        switch (metadata.ElementDataType)
        {
            case TensorElementType.Float16:
                _halves = GC.AllocateArray<Float16>(length, pinned: true);
                Value = OrtValue.CreateTensorValueFromMemory(_halves, shape);
                break;
            case TensorElementType.Double:
                Doubles = GC.AllocateArray<double>(length, pinned: true);
                Value = OrtValue.CreateTensorValueFromMemory(Doubles, shape);
                break;
            case TensorElementType.Int64:
                Integers = GC.AllocateArray<long>(length, pinned: true);
                Value = OrtValue.CreateTensorValueFromMemory(Integers, shape);
                break;
            default:
                Value = OrtValue.CreateTensorValueFromMemory(Floats, shape);
                break;
        }
    }

    public OrtValue Value { get; }

    public long[] Shape { get; }

    public float[] Floats { get; }

    public double[]? Doubles { get; }

    public long[]? Integers { get; }

    private Span<Half> Halves => MemoryMarshal.Cast<Float16, Half>(_halves.AsSpan());

    public void ToRuntime()
    {
        if (_halves is not null)
        {
            TensorPrimitives.ConvertToHalf(Floats, Halves);
        }
    }

    public void FromRuntime()
    {
        if (_halves is not null)
        {
            TensorPrimitives.ConvertToSingle(Halves, Floats);
        }

        for (int i = 0; Doubles is not null && i < Doubles.Length; i++)
        {
            Floats[i] = (float)Doubles[i];
        }

        for (int i = 0; Integers is not null && i < Integers.Length; i++)
        {
            Floats[i] = Integers[i];
        }
    }

    /// <summary>Writes what its owner put into <paramref name="one"/> into a row of the runtime's side.</summary>
    public void SetRow(int row, int rows, BoundValue one)
    {
        int length = Floats.Length / rows;
        if (_halves is not null)
        {
            TensorPrimitives.ConvertToHalf(one.Floats, Halves.Slice(row * length, length));
        }
        else if (Doubles is not null)
        {
            one.Doubles.CopyTo(Doubles.AsSpan(row * length, length));
        }
        else if (Integers is not null)
        {
            one.Integers.CopyTo(Integers.AsSpan(row * length, length));
        }
        else
        {
            one.Floats.CopyTo(Floats.AsSpan(row * length, length));
        }
    }

    /// <summary>Of what its owner put in.</summary>
    public ulong Hash(ulong seed) =>
        Doubles is not null ? XxHash3.HashToUInt64(MemoryMarshal.AsBytes<double>(Doubles), (long)seed)
        : Integers is not null ? XxHash3.HashToUInt64(MemoryMarshal.AsBytes<long>(Integers), (long)seed)
        : XxHash3.HashToUInt64(MemoryMarshal.AsBytes<float>(Floats), (long)seed);

    /// <summary>Reads a row of the runtime's side into <paramref name="one"/>, whose owner reads floats.</summary>
    public void GetRow(int row, int rows, BoundValue one)
    {
        int length = Floats.Length / rows;
        if (_halves is not null)
        {
            TensorPrimitives.ConvertToSingle(Halves.Slice(row * length, length), one.Floats);
            return;
        }

        if (Doubles is null && Integers is null)
        {
            Floats.AsSpan(row * length, length).CopyTo(one.Floats);
            return;
        }

        Doubles?.AsSpan(row * length, length).CopyTo(one.Doubles);
        Integers?.AsSpan(row * length, length).CopyTo(one.Integers);
        one.FromRuntime();
    }

    /// <summary>Copies rows of the runtime's side to that of the same value of another batch.</summary>
    public void CopyRows(int from, int ofRows, BoundValue other, int to, int otherRows, int count)
    {
        int length = Floats.Length / ofRows;
        int start = from * length;
        int target = to * (other.Floats.Length / otherRows);
        if (_halves is not null)
        {
            Halves.Slice(start, count * length).CopyTo(other.Halves[target..]);
        }
        else if (Doubles is not null)
        {
            Doubles.AsSpan(start, count * length).CopyTo(other.Doubles.AsSpan(target));
        }
        else if (Integers is not null)
        {
            Integers.AsSpan(start, count * length).CopyTo(other.Integers.AsSpan(target));
        }
        else
        {
            Floats.AsSpan(start, count * length).CopyTo(other.Floats.AsSpan(target));
        }
    }

    public void Dispose() => Value.Dispose();
}
