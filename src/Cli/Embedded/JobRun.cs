using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>One order from precheck to answer, on the embedded fleet.</summary>
internal static class JobRun
{
    public static async Task<ExitCode> RunAsync(JobOrder order, Terminal terminal, bool isDryRun)
    {
        using Interrupts interrupts = new(() => terminal.Note("Stopping; press Ctrl-C again to end at once."));
        CheckedOrder ready = CheckedOrder.Check(order, interrupts.Stop);
        if (isDryRun)
        {
            PlanAnswer plan = PlanAnswer.Of(ready, interrupts.Stop);
            terminal.Answer(plan, text => PlanAnswer.Print(text, plan));
            return ExitCode.Ok;
        }

        Warn(terminal, ready.Warnings);
        terminal.Note($"licences: {ready.Licence.Sentence}");
        WorkPlace work = WorkPlace.For(ready.Output, order.Work);
        bool isContinued = work.IsHidden && Directory.Exists(work.Path);
        if (isContinued)
        {
            terminal.Note($"continuing from {work.Path}");
        }

        try
        {
            JobAnswer answer = await RunJobAsync(ready, work, terminal, interrupts.Stop);
            work.RemoveIfHidden();
            terminal.Answer(answer, text => answer.Print(text));
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (interrupts.Stop.IsCancellationRequested)
        {
            throw new JobCancelledException(
                $"Stopped; the same command continues from what is finished in {work.Path}."
            );
        }
        catch (FusionException e) when (e.Kind != FailureKind.Cancelled && e.Code != "work-folder-busy")
        {
            work.RemoveIfHidden();
            throw;
        }
        // A write of the database that nobody had words for, such as the first one.
        catch (Exception e) when (SqliteJobs.FullDisk(e) is { } full)
        {
            work.RemoveIfHidden();
            throw full;
        }
    }

    private static async Task<JobAnswer> RunJobAsync(
        CheckedOrder ready,
        WorkPlace work,
        Terminal terminal,
        CancellationToken stop
    )
    {
        await using EmbeddedFleet fleet = await EmbeddedFleet.StartAsync(
            ready.Tools,
            work.Path,
            ready.Order.Workers ?? Slots.Default,
            ready.Order.Device,
            terminal.Options.Verbose,
            stop
        );
        terminal.Note($"models run on {fleet.Device.Plan}");
        terminal.Note(
            $"frames are decoded by {DecodingChoice.Describe(ready.Tools)}, encoded by {EncodingChoice.Describe(ready.Tools)}"
        );
        terminal.Note($"{InFlight.Here(fleet.Device, ready.Order.Workers ?? Slots.Default)}");
        Guid jobId = await ReadingAsync(terminal, () => SubmitAsync(ready, fleet, stop));
        JobStatus end = await WaitAsync(fleet, jobId, terminal, stop);
        Warn(terminal, end.Warnings.Except(ready.Warnings));

        FinishedReport finished =
            await fleet.Jobs.ReadReportAsync(jobId, stop)
            ?? throw new StorageException(
                "report-missing",
                "The job's report is missing: run the command again.",
                isTransient: true
            );
        return await JobAnswer.WriteAsync(ready.Output, finished, fleet.ModelLicences, stop);
    }

    private static async Task<Guid> SubmitAsync(CheckedOrder ready, EmbeddedFleet fleet, CancellationToken stop)
    {
        string target = await FileHash.OfAsync(ready.TargetPath, stop);
        JobRequest request = new()
        {
            JobId = await IdAsync(ready, target, fleet, stop),
            Kind = JobKind.Fuse,
            Target = ready.TargetPath,
            TargetSha256 = target,
            Sources = ready.Order.Sources.ToDictionary(s => s.Name, s => s.Paths),
            Recipe = ready.Order.Recipe,
            Output = ready.Output,
            ChunkFrames = ready.Order.ChunkFrames,
            Usage = ready.Order.Usage,
        };
        return await fleet.Jobs.SubmitAsync(request, stop);
    }

    /// <summary>Says that files are read while they are brought into the store: a long film takes minutes.</summary>
    internal static async Task<Guid> ReadingAsync(Terminal terminal, Func<Task<Guid>> submit)
    {
        ProgressView progress = terminal.Progress();
        progress.Show(new JobProgress("read", 0, 0, 0));
        try
        {
            return await submit();
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>Waits until the job is over, and throws unless it succeeded.</summary>
    internal static async Task<JobStatus> WaitAsync(
        EmbeddedFleet fleet,
        Guid jobId,
        Terminal terminal,
        CancellationToken stop
    )
    {
        ProgressView progress = terminal.Progress();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, fleet.Ended);
        JobStatus end;
        try
        {
            end = await fleet.Jobs.WaitAsync(jobId, status => progress.Show(ProgressOf(status)), either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new StorageException(
                "fleet-ended",
                "The work ended by itself (--verbose says why): run the same command again, and it goes on from what is finished.",
                isTransient: true
            );
        }
        finally
        {
            progress.End();
        }

        return end.State switch
        {
            JobState.Succeeded => end,
            JobState.Failed when end.Failure is Failure failure => throw failure.ToException(),
            JobState.Declined => throw new InvalidRecipeException(
                "job-declined",
                end.Failure?.Message ?? "A gate declined the job; its report says which."
            ),
            _ => throw new JobCancelledException("The job was cancelled; the same command takes it up again."),
        };
    }

    private static void Warn(Terminal terminal, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            terminal.Note($"note: {warning}");
        }
    }

    private static JobProgress ProgressOf(JobStatus status) =>
        status.State switch
        {
            JobState.Scanning => new JobProgress(status.Stage, status.ScanFramesDone, 0, 0),
            JobState.Fusing => new JobProgress(
                status.Stage,
                status.FramesDone,
                status.FramesTotal,
                status.FramesPerSecond
            ),
            _ => new JobProgress(status.Stage, 0, 0, 0),
        };

    private static async Task<Guid> IdAsync(
        CheckedOrder ready,
        string target,
        EmbeddedFleet fleet,
        CancellationToken stop
    )
    {
        List<(string, string)> photos = [];
        foreach (PhotosOfIdentity source in ready.Order.Sources)
        {
            foreach (string path in source.Paths)
            {
                photos.Add((source.Name, await FileHash.OfAsync(path, stop)));
            }
        }

        return JobFingerprint.Of(
            "fuse",
            target,
            photos,
            ready.Order.Recipe,
            ready.Order.ChunkFrames,
            fleet.CodeVersion,
            ready.Tools.VersionText
        );
    }
}
