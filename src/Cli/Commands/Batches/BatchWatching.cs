using System.Runtime.InteropServices;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>Watches a batch to its end. While the server is away, after a first answer, it is waited for.</summary>
internal static class BatchWatching
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<ExitCode> ToEndAsync(FleetSession session, string id)
    {
        Terminal terminal = session.Terminal;
        ProgressView progress = terminal.Progress();
        using Interrupts interrupts = new(() => { });
        try
        {
            ApiBatch ended = await FollowAsync(session, id, progress, interrupts.Stop);
            progress.End();
            if (terminal.Options.Format != OutputFormat.JsonLines)
            {
                terminal.AnswerOne(ended, text => BatchTables.PrintOne(text, ended));
            }

            return ExitFor(ended.State);
        }
        catch (OperationCanceledException) when (interrupts.Stop.IsCancellationRequested)
        {
            progress.End();
            terminal.Note($"Detached; the jobs go on. Attach again with: ffb batch watch {id}");
            return Interrupts.ExitFor(Interrupts.Seen ?? PosixSignal.SIGINT);
        }
        finally
        {
            progress.End();
        }
    }

    private static async Task<ApiBatch> FollowAsync(
        FleetSession session,
        string id,
        ProgressView progress,
        CancellationToken stop
    )
    {
        FleetBatches batches = BatchCommand.BatchesOf(session);
        string? seen = null;
        long lastAnswer = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                (ApiBatch? batch, seen) = await batches.ReadAsync(id, seen, stop);
                lastAnswer = TimeProvider.System.GetTimestamp();
                if (batch is not null)
                {
                    Show(session.Terminal, progress, batch);
                    if (batch.FinishTime is not null)
                    {
                        return batch;
                    }
                }
            }
            catch (ApiCallException e) when (e.Exit == ExitCode.Unavailable && seen is not null)
            {
                if (TimeProvider.System.GetElapsedTime(lastAnswer) > Patience)
                {
                    throw;
                }
            }

            await Task.Delay(Pause, stop);
        }
    }

    private static void Show(Terminal terminal, ProgressView progress, ApiBatch batch)
    {
        if (terminal.Options.Format == OutputFormat.JsonLines)
        {
            terminal.AnswerOne(batch, _ => { });
        }

        int Of(JobStep step) => batch.Rows.Jobs?.GetValueOrDefault(step) ?? 0;
        int failed = Of(JobStep.Failed) + Of(JobStep.Declined) + Of(JobStep.Cancelled) + batch.Rows.Invalid;
        progress.Show(
            new RowProgress(
                JobTables.NameOf(batch.State),
                Of(JobStep.Succeeded) + failed,
                batch.Rows.Total,
                "rows",
                failed > 0 ? $"{failed} not succeeded" : ""
            )
        );
    }

    private static ExitCode ExitFor(BatchStep state) =>
        state switch
        {
            BatchStep.Succeeded => ExitCode.Ok,
            BatchStep.Cancelled => ExitCode.Cancelled,
            BatchStep.Refused => ExitCode.Precheck,
            _ => ExitCode.SomeFailed,
        };
}
