namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>
/// Floats that a kernel needs while it runs: one buffer per thread that grows to the largest request and then stays, so that steady
/// work allocates nothing. A kernel that rents may not call another one that does; what calls kernels rents the outer buffer.
/// </summary>
internal static class RowScratch
{
    private const int Smallest = 4096;

    [ThreadStatic]
    private static float[]? _inner;

    [ThreadStatic]
    private static float[]? _outer;

    /// <summary>So many floats with whatever they held before, for a kernel.</summary>
    public static Span<float> Rent(int count) => Take(ref _inner, count);

    /// <summary>As <see cref="Rent"/>, for an operation that runs kernels.</summary>
    public static Span<float> RentOuter(int count) => Take(ref _outer, count);

    private static Span<float> Take(ref float[]? buffer, int count)
    {
        if (buffer is null || buffer.Length < count)
        {
            buffer = GC.AllocateUninitializedArray<float>(Math.Max(count, Smallest));
        }

        return buffer.AsSpan(0, count);
    }
}
