using System.CommandLine;
using System.Diagnostics;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb demo</c>: the whole job on a public-domain clip and portrait.</summary>
internal static class DemoCommand
{
    private static readonly string Script = Path.Combine("eng", "demo-media.sh");

    public static Command Create()
    {
        ExampledCommand command = new(
            "demo",
            "Bring a public-domain clip and portrait, run the whole job, and say where the result and its report are",
            "ffb demo"
        );
        command.Options.Add(FleetOptions.Device.Option);
        command.SetAction(async parsed => (int)await RunAsync(parsed, CommonOptions.Terminal(parsed)));
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        string script =
            Installation.Find(Script)
            ?? throw new StorageException(
                "demo-media",
                $"{Script} was not found above {AppContext.BaseDirectory}: run the demo from a checkout.",
                isTransient: false
            );
        string folder = await FetchAsync(script, terminal);
        JobOrder order = new()
        {
            Target = Path.Combine(folder, "target.mp4"),
            Output = Path.Combine(folder, "result.mp4"),
            Sources = [new PhotosOfIdentity("source", [Path.Combine(folder, "portrait.png")])],
            Recipe = new Recipe { Processors = [new SwapStep()] },
            Device = FleetOptions.ReadDevice(parsed),
        };
        return await JobRun.RunAsync(order, terminal, isDryRun: false);
    }

    /// <summary>Runs the script: it prints the folder on stdout, and what it does on stderr.</summary>
    private static async Task<string> FetchAsync(string script, Terminal terminal)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(script);
        using Process process = Process.Start(start)!;
        string? last = null;
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                terminal.Note(e.Data);
                last = e.Data;
            }
        };
        process.BeginErrorReadLine();
        string folder = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && Directory.Exists(folder)
            ? folder
            : throw new StorageException(
                "demo-media",
                $"The demo's clip and portrait could not be had: {last ?? $"{Script} ended with {process.ExitCode}"}",
                isTransient: true
            );
    }
}
