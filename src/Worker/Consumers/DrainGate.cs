using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>
/// Whether this worker takes work. All workers share a queue, which goes on sending to each that has a place free; so what
/// comes while this one is drained is given back by word, and its place stays taken until work is wanted again.
/// </summary>
public sealed class DrainGate(IHostApplicationLifetime process, TimeProvider clock)
{
    /// <summary>Well within what a broker waits for an order to be acknowledged.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(4);

    private volatile TaskCompletionSource _open = Opened();
    private volatile bool _isShut;

    public bool IsDraining => _isShut || !_open.Task.IsCompleted;

    /// <summary>Nothing is taken any more, whatever an operator says: the process is about to end.</summary>
    public void Shut()
    {
        Set(isDraining: true);
        _isShut = true;
    }

    public void Set(bool isDraining)
    {
        if (!isDraining)
        {
            // Once shut it is shut; whoever is held waits for the end of the process alone.
            if (_isShut)
            {
                return;
            }

            _ = _open.TrySetResult();
        }
        else if (!IsDraining)
        {
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Until work is wanted again, the process stops, or the broker must hear that the order is dealt with.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            process.ApplicationStopping
        );
        Task opened = _open.Task;
        _ = await Task.WhenAny(opened, Task.Delay(LongestHold, clock, over.Token));
        await over.CancelAsync();
    }

    private static TaskCompletionSource Opened()
    {
        TaskCompletionSource opened = new();
        opened.SetResult();
        return opened;
    }
}
