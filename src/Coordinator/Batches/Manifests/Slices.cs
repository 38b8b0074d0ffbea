namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

internal static class Slices
{
    /// <summary>So many at a time; of the last ones, fewer.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> InSlicesAsync<T>(this IAsyncEnumerable<T> all, int count)
    {
        List<T> slice = new(count);
        await foreach (T one in all)
        {
            slice.Add(one);
            if (slice.Count == count)
            {
                yield return slice;
                slice = new(count);
            }
        }

        if (slice.Count > 0)
        {
            yield return slice;
        }
    }
}
