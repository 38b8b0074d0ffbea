using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>
/// The whole fleet in this process: the same Coordinator and Worker as everywhere else, on the in-memory bus, SQLite and a folder
/// store.
/// </summary>
internal sealed class EmbeddedFleet : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly FaceModels _models;
    private readonly MediaTools _tools;

    private EmbeddedFleet(IHost host)
    {
        _host = host;
        Jobs = host.Services.GetRequiredService<Jobs>();
        _models = host.Services.GetRequiredService<FaceModels>();
        Device = _models.Device;
        _tools = host.Services.GetRequiredService<MediaTools>();
        CodeVersion = PipelineKeys.Pipeline(_models, _tools);
        ModelLicences = ModelCatalog
            .Load(Installation.ModelsFolder())
            .Cards.ToDictionary(card => card.Id, card => $"{card.Licence} ({card.LicenceClass})");
    }

    public Jobs Jobs { get; }

    /// <summary>Set when a part of the fleet failed for good and took the rest with it.</summary>
    public CancellationToken Ended => _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Where models run.</summary>
    public InferenceDevice Device { get; }

    /// <summary>Changes whenever code, models or the class of device do that shape frames.</summary>
    public string CodeVersion { get; }

    /// <summary>Model card id to licence, with its class.</summary>
    public IReadOnlyDictionary<string, string> ModelLicences { get; }

    /// <summary>Of each model that is run in batches, how many ran with so many rows in use.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Batches => _models.Device.Batches;

    /// <summary>Loads the models that the recipe takes, which its first job would do otherwise.</summary>
    /// <exception cref="ModelException">One is missing, changed or refused.</exception>
    public void Load(Recipe recipe) => PipelineKeys.Pipeline(_models, _tools, recipe);

    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="workFolder">Made if it is missing, and held until the fleet is disposed.</param>
    /// <param name="slots">Chunks worked on at a time.</param>
    /// <param name="device">Where models run.</param>
    /// <param name="verbose">Logs on stderr; otherwise none.</param>
    /// <param name="stop">Gives the start up.</param>
    /// <exception cref="FusionException">A model or the device is missing, a model is changed, or the work folder is in use or cannot be used.</exception>
    public static async Task<EmbeddedFleet> StartAsync(
        MediaTools tools,
        string workFolder,
        int slots,
        DeviceChoice device,
        bool verbose,
        CancellationToken stop
    )
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (verbose)
        {
            _ = builder
                .Logging.SetMinimumLevel(LogLevel.Information)
                .AddFilter("MassTransit", LogLevel.Warning)
                .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
                .AddSimpleConsole(console => console.SingleLine = true);
            _ = builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        EmbeddedParts.AddTo(
            builder.Services,
            tools,
            new CoordinatorOptions { WorkFolder = workFolder },
            slots,
            new BusOptions(),
            device
        );
        IHost host = builder.Build();
        try
        {
            // Models are read while the bus and the database start: the two take about as long.
            Task models = Task.Run(host.Services.GetRequiredService<FaceModels>, stop);
            await Task.WhenAll(host.StartAsync(stop), models);
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
}
