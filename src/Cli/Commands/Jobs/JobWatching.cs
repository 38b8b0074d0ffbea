using System.CommandLine;
using System.Runtime.InteropServices;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary>Watches jobs to their end, for <c>jobs watch</c> and <c>submit --watch</c>.</summary>
internal static class JobWatching
{
    public static Option<bool> CancelOnInterrupt() =>
        new("--cancel-on-interrupt")
        {
            Description = "Ctrl-C and SIGTERM cancel the jobs instead of leaving them to the fleet",
        };

    /// <returns>The jobs as they ended. Null: a signal came, and what there is to say of that has been said.</returns>
    public static async Task<IReadOnlyList<ApiJob>?> ToEndAsync(
        FleetSession session,
        IReadOnlyList<string> ids,
        bool cancelOnInterrupt
    )
    {
        Terminal terminal = session.Terminal;
        JobBoard board = terminal.Board(ids);
        using Interrupts interrupts = new(() => { });
        JobWatch watch = new(session.Jobs, TimeProvider.System)
        {
            OnChange = job =>
            {
                board.Show(job);
                if (terminal.Options.Format == OutputFormat.JsonLines)
                {
                    terminal.AnswerOne(job, _ => { });
                }
            },
            OnAway = why =>
                board.Note(
                    why is null
                        ? "The server is back."
                        : $"{why.Message} The jobs go on without it being asked; waiting for it."
                ),
        };
        try
        {
            return await watch.FollowAsync(ids, interrupts.Stop);
        }
        catch (OperationCanceledException) when (interrupts.Stop.IsCancellationRequested)
        {
            board.End();
            if (cancelOnInterrupt)
            {
                _ = await FleetCommand.EachAsync(
                    terminal,
                    [.. ids],
                    id => session.Jobs.ActAsync(id, "cancel", new CancelJob { Reason = "interrupted" }, default)
                );
                terminal.Note(ids.Count == 1 ? "The job is cancelled." : "The jobs are cancelled.");
                return null;
            }

            terminal.Note(
                $"Detached; {(ids.Count == 1 ? "the job goes" : "the jobs go")} on. Attach again with: ffb jobs watch {string.Join(' ', ids)}"
            );
            return null;
        }
        finally
        {
            board.End();
        }
    }

    /// <summary>What the end of one job, or the ends of several, are to the shell.</summary>
    public static ExitCode ExitFor(IReadOnlyList<ApiJob>? ended) =>
        ended switch
        {
            null => Interrupts.ExitFor(Interrupts.Seen ?? PosixSignal.SIGINT),
            [ApiJob job] => ExitFor(job),
            _ => ended.All(job => job.State == JobStep.Succeeded) ? ExitCode.Ok : ExitCode.SomeFailed,
        };

    private static ExitCode ExitFor(ApiJob job) =>
        job.State switch
        {
            JobStep.Succeeded => ExitCode.Ok,
            JobStep.Cancelled => ExitCode.Cancelled,
            JobStep.Declined => ExitCode.Declined,
            _ when job.Failure?.Code.StartsWith("result-", StringComparison.Ordinal) == true =>
                ExitCode.VerificationFailed,
            _ => ExitCode.Unexpected,
        };
}
