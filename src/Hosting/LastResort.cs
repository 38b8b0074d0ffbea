namespace FaceFusion.Batch.Hosting;

/// <summary>
/// Ends the process where stopping in good order does not end, as when a library waits for a broker that is gone. Nothing is lost by it:
/// whoever dies at any line is what the fleet is made for.
/// </summary>
public sealed class LastResort(Action onUse) : IDisposable
{
    private Timer? _timer;

    /// <summary>Beside the limit of an orderly stop.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>From now on the process has so long.</summary>
    public void Arm(TimeSpan longest, int exit) =>
        _timer = new Timer(
            _ =>
            {
                onUse();
                Environment.Exit(exit);
            },
            null,
            longest,
            Timeout.InfiniteTimeSpan
        );

    public void Dispose() => _timer?.Dispose();
}
