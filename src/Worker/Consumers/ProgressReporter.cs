using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>
/// Sends the newest progress of an attempt: once at the start, then at most once a second while it moves, and with every
/// heartbeat even if it does not.
/// </summary>
public sealed partial class ProgressReporter : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private readonly Func<int, Task> _send;
    private readonly ILogger _logger;
    private readonly Task _sending;
    private int _framesDone;

    /// <param name="send">Sends one message with the frames done.</param>
    /// <param name="heartbeat">Longest silence.</param>
    /// <param name="clock">Time.</param>
    /// <param name="logger">For heartbeats that could not be sent.</param>
    public ProgressReporter(Func<int, Task> send, TimeSpan heartbeat, TimeProvider clock, ILogger logger)
    {
        _send = send;
        _logger = logger;
        _sending = SendAsync(heartbeat, clock);
    }

    /// <summary>Any thread, any rate.</summary>
    public void Report(int framesDone) => Volatile.Write(ref _framesDone, framesDone);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task SendAsync(TimeSpan heartbeat, TimeProvider clock)
    {
        // Signs of life would be most of the attempt's trace.
        Activity.Current = null;
        using PeriodicTimer timer = new(heartbeat < Shortest ? heartbeat : Shortest, clock);
        int sent = -1;
        DateTimeOffset sentAt = DateTimeOffset.MinValue;
        do
        {
            int framesDone = Volatile.Read(ref _framesDone);
            if (framesDone == sent && clock.GetUtcNow() - sentAt < heartbeat)
            {
                continue;
            }

            try
            {
                await _send(framesDone);
                (sent, sentAt) = (framesDone, clock.GetUtcNow());
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever keeps the bus from taking it: the next beat tries again, and the lease bridges a few lost ones.
                LogLost(e);
            }
        } while (await timer.WaitForNextTickAsync(_over.Token));
    }

    [LoggerMessage(EventIds.HeartbeatLost, LogLevel.Warning, "A heartbeat could not be sent")]
    private partial void LogLost(Exception e);
}
