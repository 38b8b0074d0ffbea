using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Hosting.Metrics;
using FaceFusion.Batch.Hosting.Status;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Media.Tools;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>A Coordinator as a process of its own.</summary>
internal static class CoordinatorProcess
{
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        FleetOptions.Postgres,
        FleetOptions.RabbitMq,
        FleetOptions.Blobs,
        FleetOptions.Container,
        FleetOptions.Roles,
        FleetOptions.Listen,
        FleetOptions.WebhookNetworks,
        FleetOptions.Usage,
        FleetOptions.Work,
        FleetOptions.Drain,
        FleetOptions.Heartbeat,
        FleetOptions.BuildGrace,
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
        CoordinatorOptions options = new()
        {
            WorkFolder = "",
            Postgres = FleetOptions.ReadPostgres(parsed),
            Azure = FleetOptions.ReadBlobs(parsed),
            IsEmbedded = false,
            ModelsFolder = Installation.ModelsFolder(),
        };
        options = UsageSetting.Apply(parsed, options) with
        {
            HeartbeatSeconds = FleetOptions.Heartbeat.ReadNumber(parsed, 0.05, 300) ?? options.HeartbeatSeconds,
            BuildGraceSeconds = FleetOptions.BuildGrace.ReadNumber(parsed, 0, 86_400) ?? options.BuildGraceSeconds,
        };
        MediaTools tools = MediaTools.Locate();
        (ApiOptions? api, bool withMedia) = FleetOptions.ReadRoles(parsed);
        IHostApplicationBuilder builder = FleetHost.Builder(
            api,
            FleetOptions.IsLogJson(parsed),
            terminal.Options.Verbose
        );
        string instance = $"{Environment.MachineName}-{Environment.ProcessId}";
        _ = builder.Services.AddTelemetry(FleetOptions.ReadTelemetry(parsed, "ffb-coordinator", instance));
        await BrokerCheck.RequireAsync(bus.RabbitMq, interrupts.Stop);
        try
        {
            _ = ProcessFolder
                .Take(
                    FleetOptions.ReadWork(parsed),
                    "coordinator",
                    path => builder.Services.AddCoordinator(options with { WorkFolder = path }, tools)
                )
                .AddBus(bus, consumers => consumers.AddCoordinatorConsumers(withMedia));
        }
        catch (ValidationException e)
        {
            throw Setting.Wrong(e.Message);
        }

        if (api is null && FleetOptions.Listen.Read(parsed) is { } listen)
        {
            // Whoever looks after processes asks this one as well, though it serves nothing else.
            _ = builder
                .Services.AddSingleton(new StatusOptions(FleetOptions.ToUrl(listen), Ready))
                .AddSingleton(services => new PrometheusPage([
                    services.GetRequiredService<CommitMeter>().Meter,
                    services.GetRequiredService<BusMeter>().Meter,
                ]))
                .AddHostedService<StatusServer>();
        }

        return await FleetHost.RunAsync(FleetHost.Build(builder), "coordinator", terminal, interrupts);
    }

    private static Dictionary<string, bool> Ready(IServiceProvider services) =>
        new() { ["bus"] = services.GetRequiredService<IBusControl>().CheckHealth().Status == BusHealthStatus.Healthy };
}
