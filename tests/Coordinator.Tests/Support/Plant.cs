using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A running Coordinator with short times and a worker that may be unreliable; real media, real time.</summary>
internal sealed class Plant : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _alive;

    private Plant(IHost host)
    {
        _host = host;
        _alive = StayAliveAsync();
    }

    public Coordinator.Submitting.Jobs Jobs => Get<Coordinator.Submitting.Jobs>();

    public IBlobStore Store => Get<IBlobStore>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<Plant> OpenAsync(TemporaryFolder folder, SegmentPress press, Mischief? mischief = null)
    {
        CoordinatorOptions options = new()
        {
            WorkFolder = folder.PathOf("work"),
            HeartbeatSeconds = 0.25,
            SweepSeconds = 0.1,
        };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder
            .Services.AddSingleton(press)
            .AddSingleton(mischief ?? new Mischief(0))
            .AddCoordinator(options, Desk.Tools.Value)
            .AddBus(
                new BusOptions { DrainSeconds = 0 },
                bus => bus.AddCoordinatorConsumers(),
                bus => _ = bus.AddConsumer<UnreliableWorker>()
            );
        IHost host = builder.Build();
        await host.StartAsync();
        return new Plant(host);
    }

    public static JobRequest Request(TemporaryFolder folder, int chunkFrames = 8) =>
        new()
        {
            Target = TinyClip.FullPath,
            Recipe = new Recipe { Processors = [new DebugStep()] },
            Output = folder.PathOf("out.mp4"),
            ChunkFrames = chunkFrames,
        };

    public async Task<IReadOnlyList<AttemptRow>> AttemptsAsync(Guid jobId)
    {
        await using JobsDbContext context = await Get<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync();
        return await context
            .Attempts.AsNoTracking()
            .Where(a => a.JobId == jobId)
            .OrderBy(a => a.ChunkIndex)
            .ThenBy(a => a.Attempt)
            .ToListAsync();
    }

    /// <summary>Stops at once, without letting anything finish.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _alive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _over.Dispose();
    }

    private async Task StayAliveAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await Get<LiveWorkers>().ReportAsync(new Contracts.Events.WorkerReported("w1", 2, 0), _over.Token);
            await Task.Delay(200, _over.Token);
        }
    }
}
