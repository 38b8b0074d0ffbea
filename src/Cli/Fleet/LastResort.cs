namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>
/// Ends the process where stopping in good order does not end, as when a library waits for a broker that is gone. Nothing is lost by it:
/// whoever dies at any line is what the fleet is made for.
/// </summary>
internal sealed class LastResort(Action onUse) : IDisposable
{
    private Timer? _timer;

    /// <summary>From now on the process has so long.</summary>
    public void Arm(TimeSpan longest, ExitCode exit) =>
        _timer = new Timer(
            _ =>
            {
                onUse();
                Environment.Exit((int)exit);
            },
            null,
            longest,
            Timeout.InfiniteTimeSpan
        );

    public void Dispose() => _timer?.Dispose();
}
