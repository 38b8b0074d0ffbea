using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.Worker;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>
/// A Coordinator or a Worker as a process of its own, put together as in production, with <see cref="FaultSwitch"/> between its
/// parts. The product itself knows of no fault.
/// </summary>
internal static class FleetHost
{
    public static async Task RunAsync(string role)
    {
        HostSettings settings = HostSettings.Read();
        FaultSwitch faults = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder
            .Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None)
            .AddProvider(new PointLog(faults));
        _ = builder
            .Services.AddSingleton(faults)
            .AddSingleton<TimeProvider>(new SkewedClock(faults))
            .AddPublishObserver<PublishPoints>();
        BusOptions bus = new() { RabbitMq = RabbitMqOptions.Parse(settings.RabbitMq) };
        if (role == "coordinator")
        {
            AddCoordinator(builder.Services, settings, bus, faults);
        }
        else
        {
            AddWorker(builder.Services, settings, bus);
        }

        using IHost host = builder.Build();
        new Thread(faults.Listen) { IsBackground = true }.Start();
        await host.StartAsync();
        await Console.Error.WriteLineAsync($"{settings.Name} is ready");
        await host.WaitForShutdownAsync();
    }

    /// <summary>Short heartbeats and leases, so that a run takes seconds.</summary>
    public static CoordinatorOptions CoordinatorOptions(HostSettings settings) =>
        new()
        {
            WorkFolder = settings.Folder,
            Postgres = new PostgresOptions { ConnectionString = settings.Postgres },
            Azure = new AzureStoreOptions { ConnectionString = settings.Azure, Container = settings.Container },
            IsEmbedded = false,
            HeartbeatSeconds = 1,
            HeartbeatsPerLease = 3,
            QueueSeconds = 10,
            SweepSeconds = 0.3,
        };

    private static void AddCoordinator(
        IServiceCollection services,
        HostSettings settings,
        BusOptions bus,
        FaultSwitch faults
    ) =>
        services
            .AddCoordinator(CoordinatorOptions(settings), MediaTools.Locate())
            .ConfigureDbContext<JobsDbContext>(database => database.AddInterceptors(new CommitPoints(faults)))
            .AddBus(bus, AddFaults, consumers => consumers.AddCoordinatorConsumers());

    private static void AddWorker(IServiceCollection services, HostSettings settings, BusOptions bus)
    {
        WorkerOptions worker = new()
        {
            WorkerId = settings.Name,
            HeartbeatSeconds = 1,
            ScratchFolder = settings.Folder,
            BlobOrigins = [settings.BlobOrigin],
            ModelsFolder = settings.Models,
        };
        _ = services.AddWorker(worker).AddBus(bus, AddFaults, consumers => consumers.AddWorkerConsumers(worker));
    }

    private static void AddFaults(IBusRegistrationConfigurator bus) =>
        bus.AddConfigureEndpointsCallback(
            (context, _, endpoint) => endpoint.UseConsumeFilter(typeof(MessageFaults<>), context)
        );
}
