using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>Signals are <see cref="Interrupts"/>' business; the host's own lifetime would listen to them too.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
