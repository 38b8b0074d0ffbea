namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Which chunk of a job is released first: the costliest, among equals the earliest. Long ones that begin last would be waited for.</summary>
public static class ReleaseOrder
{
    /// <param name="costs">Expected work of each chunk, by its index.</param>
    /// <returns>Indexes of the chunks, the first to release first.</returns>
    public static int[] Of(IReadOnlyList<int> costs) =>
        [.. Enumerable.Range(0, costs.Count).OrderByDescending(index => costs[index]).ThenBy(index => index)];
}
