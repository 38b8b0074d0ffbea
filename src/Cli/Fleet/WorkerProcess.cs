using System.CommandLine;
using FaceFusion.Batch.Cli.Commands;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Hosting.Metrics;
using FaceFusion.Batch.Hosting.Status;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker;
using FaceFusion.Batch.Worker.Consumers;
using FaceFusion.Batch.Worker.Observing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>A Worker as a process of its own. It reads neither a database's login nor a store's key, even where they are set.</summary>
internal static class WorkerProcess
{
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        FleetOptions.RabbitMq,
        FleetOptions.BlobOrigin,
        FleetOptions.SlotCount,
        FleetOptions.Device,
        FleetOptions.Batch,
        FleetOptions.Name,
        FleetOptions.Work,
        FleetOptions.Drain,
        FleetOptions.Heartbeat,
        FleetOptions.WorkerListen,
        FleetOptions.Otlp,
        FleetOptions.LogFormat,
    ];

    public static async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        using Interrupts interrupts = new(() => terminal.Note("Stopping; once more ends it at once."));
        BusOptions bus = new()
        {
            RabbitMq = FleetOptions.ReadRabbitMq(parsed),
            DrainSeconds = FleetOptions.ReadDrain(parsed),
        };
        WorkerOptions worker = new()
        {
            Slots = FleetOptions.SlotCount.ReadCount(parsed, 1, JobOptions.MostWorkers) ?? Slots.Default,
            BlobOrigins = ReadOrigins(parsed),
            Device = FleetOptions.ReadDevice(parsed),
            ModelsFolder = Installation.ModelsFolder(),
            ScratchFolder = "",
        };
        worker = worker with
        {
            WorkerId = FleetOptions.Name.Read(parsed) ?? worker.WorkerId,
            HeartbeatSeconds = FleetOptions.Heartbeat.ReadNumber(parsed, 0.05, 300) ?? worker.HeartbeatSeconds,
        };
        IHostApplicationBuilder builder = FleetHost.Builder(
            null,
            FleetOptions.IsLogJson(parsed),
            terminal.Options.Verbose
        );
        string? listen = FleetOptions.WorkerListen.Read(parsed) is { } place ? FleetOptions.ToUrl(place) : null;
        _ = builder.Services.AddTelemetry(FleetOptions.ReadTelemetry(parsed, "ffb-worker", worker.WorkerId));
        MediaTools tools = MediaTools.Locate();
        await BrokerCheck.RequireAsync(bus.RabbitMq, interrupts.Stop);
        using WorkFolder folder = ProcessFolder.Take(
            FleetOptions.ReadWork(parsed),
            "worker",
            path => new WorkFolder(path)
        );
        worker = worker with { ScratchFolder = ProcessFolder.EmptyScratch(folder.FullPath) };
        _ = builder
            .Services.AddSingleton(tools)
            .AddWorker(worker)
            .AddBus(bus, consumers => consumers.AddWorkerConsumers(worker));
        if (listen is not null)
        {
            _ = builder
                .Services.AddSingleton(new StatusOptions(listen, Ready))
                .AddSingleton(services => new PrometheusPage([
                    services.GetRequiredService<WorkMeter>().Meter,
                    services.GetRequiredService<BusMeter>().Meter,
                ]))
                .AddHostedService<StatusServer>();
        }

        IHost host = FleetHost.Build(builder);
        // A worker without its models would take chunks and fail each of them.
        FleetHost.RequireModels(host, terminal);
        AttemptRunner runner = host.Services.GetRequiredService<AttemptRunner>();
        using SpotNotice notice = new(() =>
        {
            runner.HandBack();
            interrupts.Ask();
        });
        return await FleetHost.RunAsync(host, $"worker {worker.WorkerId}", terminal, interrupts);
    }

    private static Dictionary<string, bool> Ready(IServiceProvider services) =>
        new()
        {
            ["bus"] = services.GetRequiredService<IBusControl>().CheckHealth().Status == BusHealthStatus.Healthy,
            ["takesWork"] = !services.GetRequiredService<DrainGate>().IsDraining,
        };

    private static string[] ReadOrigins(ParseResult parsed)
    {
        string[] origins = FleetOptions
            .BlobOrigin.Require(parsed)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return
            origins.FirstOrDefault(origin =>
                !Uri.TryCreate(origin, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")
            )
                is { } wrong
            ? throw Setting.Wrong($"--blob-origin {wrong} must have the form http[s]://host[:port].")
            : origins;
    }
}
