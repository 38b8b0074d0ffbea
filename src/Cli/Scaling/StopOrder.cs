namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>Which workers go when there are too many.</summary>
internal static class StopOrder
{
    /// <summary>Those with the fewest chunks in hand, so never a busy one while there is an idle one; of these the newest.</summary>
    /// <param name="running">Names, the oldest first.</param>
    /// <param name="busy">Chunks in hand, by name. One that the fleet has not heard of yet has none.</param>
    /// <param name="count">How many are to go.</param>
    public static IReadOnlyList<string> Choose(
        IReadOnlyList<string> running,
        IReadOnlyDictionary<string, int> busy,
        int count
    ) => [.. Enumerable.Reverse(running).OrderBy(name => busy.GetValueOrDefault(name)).Take(count)];
}
