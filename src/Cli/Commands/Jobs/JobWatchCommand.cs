using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary><c>ffb jobs watch</c>.</summary>
internal static class JobWatchCommand
{
    public static Command Create()
    {
        Argument<string[]> ids = JobsCommand.Jobs();
        Option<bool> cancel = JobWatching.CancelOnInterrupt();
        return FleetCommand
            .Create(
                "watch",
                "Watch jobs to their end; Ctrl-C detaches, and the jobs go on",
                async session =>
                {
                    IReadOnlyList<ApiJob>? ended = await JobWatching.ToEndAsync(
                        session,
                        [.. session.Get(ids).Distinct()],
                        session.Get(cancel)
                    );
                    Print(session.Terminal, ended);
                    return JobWatching.ExitFor(ended);
                },
                "ffb jobs watch job_0123…",
                "ffb jobs watch job_0123… job_4567…   # several at once",
                "ffb jobs watch job_0123… --output-format jsonl   # a line for each change"
            )
            .With(ids, cancel);
    }

    /// <summary>Lines of JSON have been printed as the jobs changed.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<ApiJob>? ended)
    {
        if (ended is null || terminal.Options.Format == OutputFormat.JsonLines)
        {
            return;
        }

        if (ended is [ApiJob job])
        {
            terminal.AnswerOne(job, text => JobTables.PrintOne(text, job));
        }
        else
        {
            terminal.AnswerList("jobs", ended, text => JobTables.PrintList(text, ended));
        }
    }
}
