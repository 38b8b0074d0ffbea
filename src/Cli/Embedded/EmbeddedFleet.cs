using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker;
using FaceFusion.Batch.Worker.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>
/// The whole fleet in this process: the same Coordinator and Worker as everywhere else, on the in-memory bus, SQLite and a folder
/// store. This is where they are put together; nothing else knows both.
/// </summary>
internal sealed class EmbeddedFleet : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedFleet(IHost host)
    {
        _host = host;
        Jobs = host.Services.GetRequiredService<Jobs>();
        CodeVersion = PipelineKeys.Pipeline(host.Services.GetRequiredService<FaceModels>());
        ModelLicences = ModelCatalog
            .Load(Installation.ModelsFolder())
            .Cards.ToDictionary(card => card.Id, card => card.Licence);
    }

    public Jobs Jobs { get; }

    /// <summary>Changes whenever code or models do that shape frames.</summary>
    public string CodeVersion { get; }

    /// <summary>Model card id to licence.</summary>
    public IReadOnlyDictionary<string, string> ModelLicences { get; }

    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="workFolder">Made if it is missing, and held until the fleet is disposed.</param>
    /// <param name="slots">Chunks worked on at a time.</param>
    /// <param name="verbose">Logs on stderr; otherwise none.</param>
    /// <param name="stop">Gives the start up.</param>
    /// <exception cref="FusionException">A model is missing or changed, or the work folder is in use or cannot be used.</exception>
    public static async Task<EmbeddedFleet> StartAsync(
        MediaTools tools,
        string workFolder,
        int slots,
        bool verbose,
        CancellationToken stop
    )
    {
        string models = Installation.ModelsFolder();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (verbose)
        {
            _ = builder
                .Logging.SetMinimumLevel(LogLevel.Information)
                .AddFilter("MassTransit", LogLevel.Warning)
                .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
                .AddSimpleConsole(console => console.SingleLine = true);
            _ = builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        WorkerOptions worker = new()
        {
            WorkerId = "local",
            Slots = slots,
            ScratchFolder = Path.Combine(workFolder, "scratch"),
            BlobFolder = Path.Combine(workFolder, "blobs"),
            ModelsFolder = models,
        };
        _ = builder
            .Services.AddSingleton<IHostLifetime, NoLifetime>()
            .AddCoordinator(new CoordinatorOptions { WorkFolder = workFolder }, tools)
            .AddWorker(worker)
            .AddBus(new BusOptions(), bus => bus.AddCoordinatorConsumers(), bus => bus.AddWorkerConsumers(worker));
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(stop);
            return new EmbeddedFleet(host);
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets running chunks finish or stop, and frees the work folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    /// <summary>Signals are <see cref="Interrupts"/>' business; the host's own lifetime would listen to them too.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
