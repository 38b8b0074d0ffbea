using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Assembling;
using FaceFusion.Batch.Coordinator.Batches;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Gates;
using FaceFusion.Batch.Coordinator.Models;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.Preparing;
using FaceFusion.Batch.Coordinator.Replaying;
using FaceFusion.Batch.Coordinator.Scanning;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Coordinator.Uploading;
using FaceFusion.Batch.Media.Tools;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FaceFusion.Batch.Coordinator;

/// <summary>Puts a Coordinator into a process.</summary>
public static class CoordinatorSetup
{
    /// <summary>
    /// Adds the Coordinator on the database and the store of its options, and on its work folder, which it locks until the services
    /// are disposed.
    /// Add its consumers to the bus with <see cref="AddCoordinatorConsumers"/>.
    /// </summary>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    /// <exception cref="ModelException">The model catalogue cannot be read.</exception>
    /// <exception cref="StorageException">The work folder is in use or cannot be used.</exception>
    public static IServiceCollection AddCoordinator(
        this IServiceCollection services,
        CoordinatorOptions options,
        MediaTools tools
    )
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        // Before the folder is held: a bad catalogue ends the start, not the first job.
        var models = ModelShelf.Open(options.ModelsFolder);
        WorkFolder folder = new(options.WorkFolder);
        services.TryAddSingleton(TimeProvider.System);
        return services
            // Through a factory, so that the container disposes it and frees the lock.
            .AddSingleton(_ => folder)
            .AddSingleton(options)
            .AddSingleton(tools)
            .AddSingleton(models)
            .AddSingleton(Incarnation.New())
            .AddParts(options, folder)
            .AddSingleton(ProductVersions.Of(tools.VersionText))
            .AddStages()
            .AddHostedService<Recovery>()
            .AddHostedService<DispatchLoop>()
            .AddHostedService<SweepLoop>();
    }

    /// <param name="bus">The bus in the making.</param>
    /// <param name="withMedia">Whether this process also runs what needs ffmpeg: preparing, assembling and the check of uploads.</param>
    public static void AddCoordinatorConsumers(this IBusRegistrationConfigurator bus, bool withMedia = true)
    {
        if (withMedia)
        {
            _ = bus.AddConsumer<PrepareVideoConsumer, PrepareVideoConsumerDefinition>();
            _ = bus.AddConsumer<AssembleVideoConsumer, AssembleVideoConsumerDefinition>();
            _ = bus.AddConsumer<CheckUploadConsumer, CheckUploadConsumerDefinition>();
        }

        _ = bus.AddConsumer<AdvanceBatchConsumer, AdvanceBatchConsumerDefinition>();
        _ = bus.AddConsumer<ScanEventsConsumer, LedgerConsumerDefinition<ScanEventsConsumer>>();
        _ = bus.AddConsumer<ChunkEventsConsumer, LedgerConsumerDefinition<ChunkEventsConsumer>>();
        _ = bus.AddConsumer<ChunkFusedConsumer, ChunkFusedConsumerDefinition>();
        _ = bus.AddConsumer<WorkerReportedConsumer, LedgerConsumerDefinition<WorkerReportedConsumer>>();
    }

    private static IServiceCollection AddStages(this IServiceCollection services) =>
        services
            .AddSingleton<EndSignal>()
            .AddSingleton<JobLedger>()
            .AddSingleton<ChunkLedger>()
            .AddSingleton<JobBook>()
            .AddSingleton<DatabaseTrouble>()
            .AddSingleton<Jobs>()
            .AddSingleton<Intake>()
            .AddSingleton<UploadBook>()
            .AddSingleton<UploadCheck>()
            .AddSingleton<JobEnding>()
            .AddSingleton<WakeSignal>()
            .AddSingleton<StageWindow>()
            .AddSingleton<StageStarter>()
            .AddSingleton<JobParts>()
            .AddSingleton<BatchBook>()
            .AddSingleton<BatchRowCheck>()
            .AddSingleton<BatchReading>()
            .AddSingleton<BatchChanges>()
            .AddSingleton<BatchEnding>()
            .AddSingleton<BatchSweep>()
            .AddSingleton<ModelBlobs>()
            .AddSingleton<ScanOrders>()
            .AddSingleton<ScanBlobs>()
            .AddSingleton<ScanStage>()
            .AddSingleton<LicenceDesk>()
            .AddSingleton<GateStage>()
            .AddSingleton<PrepareStage>()
            .AddSingleton<VideoPreparation>()
            .AddSingleton<ProbedBlobs>()
            .AddSingleton<Dispatcher>()
            .AddSingleton<FuseOrders>()
            .AddSingleton<LiveWorkers>()
            .AddSingleton<Builds>()
            .AddSingleton<FusionStage>()
            .AddSingleton<CommitMeter>()
            .AddSingleton<Replays>()
            .AddSingleton<ReplayStage>()
            .AddSingleton<Blocklist>()
            .AddSingleton<CommitLedger>()
            .AddSingleton<CommitStage>()
            .AddSingleton<SidecarShelf>()
            .AddSingleton<AssembleStage>()
            .AddSingleton<VideoAssembly>()
            .AddSingleton<SegmentCheck>()
            .AddSingleton<ResultPlace>()
            .AddSingleton<ResultReport>()
            .AddSingleton<OrphanCollector>()
            .AddSingleton<Scratch>()
            .AddSingleton<Sweeper>();
}
