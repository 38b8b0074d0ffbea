using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>Where a Coordinator and a Worker are put together in one process; nothing else knows both.</summary>
internal static class EmbeddedParts
{
    /// <param name="services">The process in the making.</param>
    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="options">Its work folder is made if it is missing, and held until the services are disposed.</param>
    /// <param name="slots">Chunks worked on at a time.</param>
    /// <param name="bus">Of the process.</param>
    /// <param name="device">Where models run.</param>
    /// <exception cref="StorageException">The work folder is in use or cannot be used.</exception>
    public static void AddTo(
        IServiceCollection services,
        MediaTools tools,
        CoordinatorOptions options,
        int slots,
        BusOptions bus,
        DeviceChoice device
    )
    {
        WorkerOptions worker = new()
        {
            WorkerId = "local",
            Slots = slots,
            ScratchFolder = Path.Combine(options.WorkFolder, "scratch"),
            BlobFolder = Path.Combine(options.WorkFolder, "blobs"),
            ModelsFolder = Installation.ModelsFolder(),
            Device = device,
        };
        _ = services
            .AddCoordinator(options with { ModelsFolder = worker.ModelsFolder }, tools)
            .AddWorker(worker)
            .AddBus(bus, b => b.AddCoordinatorConsumers(), b => b.AddWorkerConsumers(worker));
    }
}
