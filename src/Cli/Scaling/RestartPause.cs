namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>Keeps workers that die young from being started again and again: each waits twice as long as the one before.</summary>
internal sealed class RestartPause(TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Also the age from which a worker has not died young.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TimeSpan _pause;
    private long _since;

    public bool IsOver => clock.GetElapsedTime(_since) >= _pause;

    /// <summary>A worker has ended that nobody had told to.</summary>
    public void Died(TimeSpan age)
    {
        _since = clock.GetTimestamp();
        _pause =
            age >= Longest ? TimeSpan.Zero
            : _pause < Shortest ? Shortest
            : _pause * 2 < Longest ? _pause * 2
            : Longest;
    }
}
