using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Events;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary><c>ffb jobs events</c>.</summary>
internal static class JobEventsCommand
{
    public static Command Create()
    {
        Argument<string> id = JobsCommand.OneJob();
        Option<bool> follow = new("--follow", "-f")
        {
            Description = "Also what happens from now on, until the job ends",
        };
        return FleetCommand
            .Create(
                "events",
                "What has happened to a job: its states, and each chunk that succeeded, failed or came back",
                async session =>
                {
                    JobEvents events = new(session.Jobs.Connection);
                    if (session.Get(follow))
                    {
                        await events.FollowAsync(
                            session.Get(id),
                            e =>
                            {
                                Print(session.Terminal, e);
                                return Task.CompletedTask;
                            },
                            default
                        );
                        return ExitCode.Ok;
                    }

                    IReadOnlyList<ApiEvent> all = await events.ListAsync(session.Get(id), default);
                    session.Terminal.AnswerList("events", all, text => all.ToList().ForEach(e => Print(text, e)));
                    return ExitCode.Ok;
                },
                "ffb jobs events job_0123…",
                "ffb jobs events job_0123… --follow --output-format jsonl"
            )
            .With(id, follow);
    }

    private static void Print(Terminal terminal, ApiEvent e)
    {
        string?[] facts =
        [
            JobTables.Time(e.Time),
            $"{e.Type, -20}",
            e.State is { } state ? JobTables.NameOf(state) : null,
            e.Stage is { } stage ? $"({stage})" : null,
            e.Chunk is { } chunk ? $"chunk {chunk}" : null,
            e.Attempt is { } attempt ? $"attempt {attempt}" : null,
            e.Worker is { } worker ? $"on {worker}" : null,
            e.Code,
        ];
        terminal.AnswerOne(e, text => text.Line(Printable.Of(string.Join("  ", facts.OfType<string>()))));
    }
}
