using System.CommandLine;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>A fleet of separate processes on this machine: one coordinator and some workers, on real servers. None is started again.</summary>
internal static class ServicesUp
{
    public const int MostWorkers = 32;

    /// <summary>Beyond the drain, before a process that does not stop is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public static async Task<ExitCode> RunAsync(ParseResult parsed, int workers, Terminal terminal)
    {
        using Interrupts interrupts = new(() => terminal.Note("Stopping; once more ends it at once."));
        MediaTools tools = MediaTools.Locate();
        double drain = FleetOptions.ReadDrain(parsed);
        DeviceChoice device = FleetOptions.ReadDevice(parsed);
        int slots =
            FleetOptions.SlotCount.ReadCount(parsed, 1, Commands.JobOptions.MostWorkers)
            ?? Math.Max(1, Slots.Default / workers);
        Servers servers = await Servers.FindAsync(interrupts.Stop);
        Dictionary<string, string?> common = new()
        {
            ["FFB_WORK"] = FleetOptions.ReadWork(parsed),
            ["FFB_DRAIN"] = $"{drain}",
            ["FFB_LOG_FORMAT"] = FleetOptions.IsLogJson(parsed) ? "json" : "text",
            ["FFB_OTLP"] = FleetOptions.Otlp.Read(parsed),
            ["FFB_RABBITMQ"] = servers.RabbitMq,
            ["FFB_POSTGRES"] = null,
            ["FFB_BLOBS"] = null,
        };
        List<FleetChild> children = [];
        try
        {
            children.Add(
                Start(
                    "coordinator",
                    ["coordinator"],
                    new(common)
                    {
                        ["FFB_POSTGRES"] = servers.Postgres,
                        ["FFB_BLOBS"] = servers.Blobs,
                        ["FFB_LISTEN"] = FleetOptions.Listen.Read(parsed),
                        ["FFB_WEBHOOK_NETWORKS"] = FleetOptions.WebhookNetworks.Read(parsed),
                    }
                )
            );
            for (int i = 1; i <= workers; i++)
            {
                // A worker has no use for the database's login and the store's key, and does not get them.
                children.Add(
                    Start(
                        $"worker-{i}",
                        ["worker"],
                        new(common)
                        {
                            ["FFB_BLOB_ORIGIN"] = servers.BlobOrigin,
                            ["FFB_SLOTS"] = $"{slots}",
                            ["FFB_DEVICE"] = device.Text,
                            ["FFB_WORKER_NAME"] = $"{Environment.MachineName}-{Environment.ProcessId}-{i}",
                        }
                    )
                );
            }

            bool isAsked = await WatchAsync(children, terminal, interrupts.Stop);
            // Workers first: the coordinator then hears what came of their last chunks.
            await StopAsync([.. children.Skip(1)], drain, terminal);
            await StopAsync([.. children.Take(1)], drain, terminal);
            terminal.Note("The fleet has stopped. The servers run on; eng/services.sh down stops them.");
            return isAsked ? ExitCode.Ok : ExitCode.Unexpected;
        }
        finally
        {
            foreach (FleetChild child in children)
            {
                child.Kill();
                child.Dispose();
            }
        }

        FleetChild Start(string name, string[] arguments, Dictionary<string, string?> environment) =>
            FleetChild.Start(name, tools, arguments, environment, line => terminal.Note($"{name, -11} | {line}"));
    }

    /// <summary>True: a signal came. False: the coordinator, or the last worker, has ended by itself.</summary>
    private static async Task<bool> WatchAsync(List<FleetChild> children, Terminal terminal, CancellationToken stop)
    {
        List<FleetChild> running = [.. children];
        try
        {
            while (running.Count > 1 && running[0] == children[0])
            {
                Dictionary<Task, FleetChild> ends = running.ToDictionary(child => child.EndAsync(stop));
                Task first = await Task.WhenAny(ends.Keys);
                await first;
                FleetChild ended = ends[first];
                terminal.Complain($"ffb: {ended.Name} has ended with exit code {ended.ExitCode}.");
                _ = running.Remove(ended);
            }

            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private static async Task StopAsync(IReadOnlyList<FleetChild> children, double drain, Terminal terminal)
    {
        foreach (FleetChild child in children)
        {
            child.AskToStop();
        }

        using CancellationTokenSource tooLong = new(TimeSpan.FromSeconds(drain) + Patience);
        foreach (FleetChild child in children)
        {
            try
            {
                await child.EndAsync(tooLong.Token);
            }
            catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
            {
                terminal.Complain($"ffb: {child.Name} did not stop in time and is killed.");
                child.Kill();
            }
        }
    }
}
