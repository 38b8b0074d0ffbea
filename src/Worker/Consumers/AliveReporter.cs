using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Worker.Observing;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>Says that this worker is alive: when the bus is up, with every heartbeat, and a last time, with no slots, when it stops.</summary>
public sealed partial class AliveReporter(
    RunningAttempts running,
    DrainGate gate,
    ChosenDevice device,
    OwnBuild build,
    WorkerOptions options,
    IBus bus,
    TimeProvider clock,
    ILogger<AliveReporter> logger
) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private Task _reporting = Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _reporting = ReportAsync();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _over.CancelAsync();
        await _reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SendAsync(slots: 0);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _over.Dispose();

    private async Task ReportAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(options.HeartbeatSeconds), clock);
        do
        {
            await SendAsync(options.Slots);
        } while (await timer.WaitForNextTickAsync(_over.Token));
    }

    private async Task SendAsync(int slots)
    {
        try
        {
            await bus.Publish(
                new WorkerReported(
                    options.WorkerId,
                    slots,
                    running.Busy,
                    gate.IsDraining,
                    device.Description,
                    build.Key
                ),
                CancellationToken.None
            );
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever keeps the bus from taking it: the next beat tries again.
            LogLost(e);
        }
    }

    [LoggerMessage(EventIds.HeartbeatLost, LogLevel.Warning, "A sign of life could not be sent")]
    private partial void LogLost(Exception e);
}
