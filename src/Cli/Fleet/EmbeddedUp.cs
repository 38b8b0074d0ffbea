using System.CommandLine;
using FaceFusion.Batch.Cli.Commands;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Media.Tools;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>The whole fleet in this process for as long as it is wanted; unfinished jobs in its work folder go on.</summary>
internal static class EmbeddedUp
{
    public static async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        using Interrupts interrupts = new(() => terminal.Note("Stopping; once more ends it at once."));
        string work = FleetOptions.ReadWork(parsed);
        (ApiOptions? api, _) = FleetOptions.ReadRoles(parsed);
        IHostApplicationBuilder builder = FleetHost.Builder(
            api,
            FleetOptions.IsLogJson(parsed),
            terminal.Options.Verbose
        );
        string instance = $"{Environment.MachineName}-{Environment.ProcessId}";
        _ = builder.Services.AddTelemetry(FleetOptions.ReadTelemetry(parsed, "ffb", instance));
        EmbeddedParts.AddTo(
            builder.Services,
            MediaTools.Locate(),
            UsageSetting.Apply(parsed, new CoordinatorOptions { WorkFolder = work, ResumeAll = true }),
            FleetOptions.SlotCount.ReadCount(parsed, 1, JobOptions.MostWorkers) ?? Slots.Default,
            new BusOptions { DrainSeconds = FleetOptions.ReadDrain(parsed) },
            FleetOptions.ReadDevice(parsed)
        );
        IHost host = FleetHost.Build(builder);
        FleetHost.RequireModels(host, terminal);
        return await FleetHost.RunAsync(host, $"the fleet in {work}", terminal, interrupts);
    }
}
