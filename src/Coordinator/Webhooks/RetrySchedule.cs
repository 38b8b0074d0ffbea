namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>When a delivery that failed is sent again: ten times in about a day, each time after a longer pause.</summary>
internal static class RetrySchedule
{
    /// <summary>A receiver that asks for a longer pause gets it, up to this.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>Before jitter; together 23 h 56 min.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(20),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(8),
        TimeSpan.FromHours(8.5),
    ];

    public static int Attempts => Pauses.Length + 1;

    /// <summary>The pause behind an attempt; null: it was the last one.</summary>
    /// <param name="attempt">From 1.</param>
    /// <param name="asked">What the receiver's <c>Retry-After</c> says; null: nothing.</param>
    /// <param name="chance">0 to 1: deliveries that failed together do not all come back together.</param>
    public static TimeSpan? After(int attempt, TimeSpan? asked, double chance)
    {
        if (attempt > Pauses.Length)
        {
            return null;
        }

        // Only shorter, so that the last attempt is within the day.
        TimeSpan pause = Pauses[attempt - 1] * (1 - (0.2 * chance));
        TimeSpan wanted =
            asked is { } a && a < LongestAsked ? a
            : asked is null ? TimeSpan.Zero
            : LongestAsked;
        return wanted > pause ? wanted : pause;
    }
}
