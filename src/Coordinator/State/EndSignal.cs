namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// Tells whoever waits in this process that a job has ended, so that it need not look every few milliseconds. A hint: what ended is in the
/// database, and what ends by another process is found by looking.
/// </summary>
public sealed class EndSignal
{
    private TaskCompletionSource _next = Make();

    /// <summary>Completes when the next job has ended. Take it before you look.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, Make()).SetResult();

    /// <summary>Who waits goes on in a thread of its own, and does not hold up who told it.</summary>
    private static TaskCompletionSource Make() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
