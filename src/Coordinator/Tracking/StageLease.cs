using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// A claimed attempt at a stage that this process works on. It is renewed with every heartbeat; when that fails (the job was
/// cancelled, or somebody else has a newer attempt) <see cref="Lost"/> fires and the work must stop.
/// </summary>
public sealed class StageLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost;
    private readonly Task _renewing;

    private StageLease(
        JobLedger ledger,
        Guid jobId,
        JobState state,
        int attempt,
        TimeSpan heartbeat,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _renewing = RenewAsync(ledger, jobId, state, attempt, heartbeat, clock);
    }

    /// <summary>The work's token: the lease is gone, or the process stops.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Null: the attempt is void or taken.</summary>
    public static async Task<StageLease?> ClaimAsync(
        JobLedger ledger,
        Guid jobId,
        JobState state,
        int attempt,
        CoordinatorOptions options,
        TimeProvider clock,
        CancellationToken stop
    ) =>
        await ledger.ClaimAsync(jobId, state, attempt, Environment.MachineName, stop)
            ? new StageLease(ledger, jobId, state, attempt, options.Heartbeat, clock, stop)
            : null;

    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lost.Dispose();
    }

    private async Task RenewAsync(
        JobLedger ledger,
        Guid jobId,
        JobState state,
        int attempt,
        TimeSpan heartbeat,
        TimeProvider clock
    )
    {
        // A cancelled job is noticed here, so look at least once a second.
        TimeSpan period = heartbeat < TimeSpan.FromSeconds(1) ? heartbeat : TimeSpan.FromSeconds(1);
        using PeriodicTimer timer = new(period, clock);
        while (await timer.WaitForNextTickAsync(_lost.Token))
        {
            if (!await ledger.RenewAsync(jobId, state, attempt, scanFramesDone: 0, _lost.Token))
            {
                await _lost.CancelAsync();
                return;
            }
        }
    }
}
