using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>
/// An array, and the runtime's memory of it. The runtime's begins on a boundary of 64 bytes: kernels begin the sums of their vectors at such
/// boundaries, so the last bits of what they give would depend on where an array happens to lie (seen: two answers of one network to one
/// input). Copying to it and back costs a hundredth of the smallest network's run.
/// </summary>
internal sealed class BoundValue : IDisposable
{
    private const int Boundary = 64;

    private readonly Memory<float> _singles;
    private readonly Memory<Float16> _sixteens;
    private readonly bool _isHalf;
    private readonly bool _isSingle;

    public BoundValue(NodeMetadata metadata, long[] shape)
    {
        Shape = shape;
        int length = checked((int)shape.Aggregate(1L, (a, b) => checked(a * b)));
        Floats = new float[length];
        switch (metadata.ElementDataType)
        {
            case TensorElementType.Float16:
                _isHalf = true;
                _sixteens = Aligned<Float16>(length);
                Value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _sixteens, shape);
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
                _isSingle = true;
                _singles = Aligned<float>(length);
                Value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _singles, shape);
                break;
        }
    }

    public OrtValue Value { get; }

    public long[] Shape { get; }

    public float[] Floats { get; }

    public double[]? Doubles { get; }

    public long[]? Integers { get; }

    private Span<Half> Halves => MemoryMarshal.Cast<Float16, Half>(_sixteens.Span);

    public void ToRuntime()
    {
        if (_isHalf)
        {
            TensorPrimitives.ConvertToHalf(Floats, Halves);
        }
        else if (_isSingle)
        {
            Floats.CopyTo(_singles.Span);
        }
    }

    public void FromRuntime()
    {
        if (_isHalf)
        {
            TensorPrimitives.ConvertToSingle(Halves, Floats);
        }
        else if (_isSingle)
        {
            _singles.Span.CopyTo(Floats);
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
        if (_isHalf)
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
            one.Floats.CopyTo(_singles.Span.Slice(row * length, length));
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
        if (_isHalf)
        {
            TensorPrimitives.ConvertToSingle(Halves.Slice(row * length, length), one.Floats);
            return;
        }

        if (Doubles is null && Integers is null)
        {
            _singles.Span.Slice(row * length, length).CopyTo(one.Floats);
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
        if (_isHalf)
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
            _singles.Span.Slice(start, count * length).CopyTo(other._singles.Span[target..]);
        }
    }

    public void Dispose() => Value.Dispose();

    private static Memory<T> Aligned<T>(int length)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        T[] array = GC.AllocateArray<T>(length + (Boundary / size), pinned: true);
        long beyond = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Boundary;
        return array.AsMemory((int)((Boundary - beyond) % Boundary) / size, length);
    }
}
