using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Consumers;
using FaceFusion.Batch.Worker.Observing;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Scanning;
using FaceFusion.Batch.Worker.Sources;
using FaceFusion.Batch.Worker.Transfer;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceFusion.Batch.Worker;

/// <summary>Puts a Worker into a process.</summary>
public static class WorkerSetup
{
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus, WorkerOptions options)
    {
        _ = bus.AddConsumer<FuseChunkConsumer, FuseChunkConsumerDefinition>();
        _ = bus.AddConsumer<ScanVideoConsumer, ScanVideoConsumerDefinition>();
        bus.AddBroadcastConsumer<StopConsumer>(options.WorkerId);
    }

    /// <summary>The worker's services: models are loaded, and their hashes checked, when the first of them is asked for.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, WorkerOptions options)
    {
        services.TryAddSingleton(_ => MediaTools.Locate());
        return services
            .AddAttempts(options)
            .AddSingleton(p =>
                p.GetRequiredService<ChosenDevice>()
                    .Set(
                        DeviceLog.Open(
                            options,
                            p.GetRequiredService<MediaTools>(),
                            p.GetService<ILoggerFactory>()?.CreateLogger<InferenceDevice>()
                                ?? NullLogger<InferenceDevice>.Instance
                        )
                    )
            )
            .AddSingleton(p =>
                p.GetRequiredService<OwnBuild>()
                    .Set(
                        FaceModels.Load(
                            p.GetRequiredService<Lazy<ModelCatalog>>().Value,
                            p.GetRequiredService<InferenceDevice>()
                        ),
                        p.GetRequiredService<MediaTools>()
                    )
            )
            .AddSingleton<SourceCache>()
            .AddSingleton(p =>
                ActivatorUtilities.CreateInstance<ChunkWork>(
                    p,
                    options.WorkerId,
                    InFlight.Here(p.GetRequiredService<InferenceDevice>(), options.Slots).Lanes
                )
            )
            .AddSingleton(p => ActivatorUtilities.CreateInstance<ScanWork>(p, options.WorkerId))
            // Asked for inside the work, so that a model that does not load fails the attempt by name and not the consumer.
            .AddSingleton<FuseWork>(p =>
                (order, files, onFramesDone, stop) =>
                    p.GetRequiredService<ChunkWork>().Run(order, files, onFramesDone, stop)
            )
            .AddSingleton<ScanTargetWork>(p =>
                (order, files, onFramesDone, stop) =>
                    p.GetRequiredService<ScanWork>().Run(order, files, onFramesDone, stop)
            );
    }

    /// <summary>Everything but the work itself.</summary>
    internal static IServiceCollection AddAttempts(this IServiceCollection services, WorkerOptions options)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton<RunningAttempts>()
            .AddSingleton<WorkMeter>()
            .AddSingleton<DrainGate>()
            .AddSingleton<ChosenDevice>()
            .AddSingleton<OwnBuild>()
            .AddSingleton<AttemptRunner>()
            .AddSingleton<HttpBlobs>()
            .AddSingleton<TargetCache>()
            .AddSingleton<BlobTransfer>()
            .AddSingleton(new Lazy<ModelCatalog>(() => ModelCatalog.Load(options.ModelsFolder)))
            .AddSingleton<ModelTransfer>()
            .AddSingleton<AliveReporter>()
            .AddHostedService(p => p.GetRequiredService<AliveReporter>());
    }
}
