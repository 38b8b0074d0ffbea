using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>One scan from precheck to answer, on the embedded fleet.</summary>
internal static class ScanRun
{
    /// <summary>Everybody is looked for and nothing is fused: the scan is the end of the job.</summary>
    private static readonly Recipe Everybody = new()
    {
        Processors = [new DebugStep()],
        Faces = new FaceSelection { Mode = SelectionMode.All },
    };

    public static async Task<ExitCode> RunAsync(string target, string? sheet, DeviceChoice device, Terminal terminal)
    {
        using Interrupts interrupts = new(() => terminal.Note("Stopping; press Ctrl-C again to end at once."));
        string? sheetPath = sheet is null ? null : OutputPrecheck.CheckSheet(sheet, target);
        MediaTools tools = MediaTools.Locate();
        ProbedVideo video = new VideoProbe(tools).Read(target, interrupts.Stop);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ffb-scan-");
        try
        {
            ScanOutcome outcome = await ScanAsync(tools, folder.FullName, target, device, terminal, interrupts.Stop);
            if (sheetPath is not null)
            {
                await File.WriteAllBytesAsync(sheetPath, outcome.SheetPng, interrupts.Stop);
            }

            ScanAnswer answer = ScanAnswer.Of(target, outcome, sheetPath, video.Warnings);
            terminal.Answer(answer, text => answer.Print(text));
            return ExitCode.Ok;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ScanOutcome> ScanAsync(
        MediaTools tools,
        string work,
        string target,
        DeviceChoice device,
        Terminal terminal,
        CancellationToken stop
    )
    {
        await using EmbeddedFleet fleet = await EmbeddedFleet.StartAsync(
            tools,
            work,
            slots: 1,
            device,
            terminal.Options.Verbose,
            stop
        );
        terminal.Note($"models run on {fleet.Device.Plan}");
        JobRequest request = new()
        {
            Kind = JobKind.Scan,
            Target = Path.GetFullPath(target),
            Recipe = Everybody,
        };
        Guid jobId = await JobRun.ReadingAsync(terminal, () => fleet.Jobs.SubmitAsync(request, stop));
        _ = await JobRun.WaitAsync(fleet, jobId, terminal, stop);
        return await fleet.Jobs.ReadScanAsync(jobId, stop)
            ?? throw new StorageException(
                "scan-missing",
                "The scan's result is missing: run the command again.",
                isTransient: true
            );
    }
}
