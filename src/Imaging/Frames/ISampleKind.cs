using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>How samples of one width are read and written, so that each kernel is written once for 8 and 16 bit planes.</summary>
internal unsafe interface ISampleKind<T>
    where T : unmanaged
{
    static abstract float ToFloat(T sample);

    /// <summary>The sample of a value that is already rounded and within range.</summary>
    static abstract T FromInt(int value);

    /// <summary>Eight consecutive samples as floats.</summary>
    static abstract Vector256<float> Load(T* from);

    /// <summary>Sixteen consecutive samples as words.</summary>
    static abstract Vector256<ushort> LoadWords(T* from);

    /// <summary>Thirty-two consecutive samples as sixteen sums of two neighbours, the lowest sixteen bits of each.</summary>
    static abstract Vector256<ushort> LoadSums(T* from);

    /// <summary>Stores eight values, already rounded and within range, as consecutive samples.</summary>
    static abstract void Store(Vector256<int> values, T* to);

    /// <summary>Sixteen consecutive samples as floats; needs AVX-512.</summary>
    static abstract Vector512<float> LoadWide(T* from);

    /// <summary>As <see cref="Store"/>, sixteen; needs AVX-512.</summary>
    static abstract void StoreWide(Vector512<int> values, T* to);

    /// <summary>
    /// Lane by lane the sample at one of eight indices and its right neighbour. Reads four bytes at each index, which at the very end of a
    /// frame's last plane is why frames carry slack.
    /// </summary>
    static abstract (Vector256<float> Left, Vector256<float> Right) LoadPairs(T* plane, int* indices);
}
