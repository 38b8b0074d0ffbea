using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Events;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary>
/// <c>ffb jobs logs</c>: a job's events, each end of an attempt with the attempt's own record. It is what the coordinator knows; the
/// lines that workers write to their stderr stay with them.
/// </summary>
internal static class JobLogsCommand
{
    public static Command Create()
    {
        Argument<string> id = JobsCommand.OneJob();
        Option<int?> chunk = new("--chunk") { Description = "Only what became of this chunk", HelpName = "INDEX" };
        Option<bool> follow = new("--follow", "-f")
        {
            Description = "Also what happens from now on, until the job ends",
        };
        return FleetCommand
            .Create(
                "logs",
                "What was done for a job and why it failed: every state and every attempt, with times and reasons",
                async session =>
                {
                    string job = session.Get(id);
                    JobEvents events = new(session.Jobs.Connection);
                    if (session.Get(follow))
                    {
                        await events.FollowAsync(job, TellAsync, default);
                    }
                    else
                    {
                        foreach (ApiEvent e in await events.ListAsync(job, default))
                        {
                            await TellAsync(e);
                        }
                    }

                    return ExitCode.Ok;

                    async Task TellAsync(ApiEvent e)
                    {
                        if (session.Get(chunk) is { } only && e.Chunk != only)
                        {
                            return;
                        }

                        ApiAttempt? attempt = e is { Chunk: { } index, Attempt: { } number }
                            ? await session.Jobs.GetAttemptAsync(job, index, number, default)
                            : null;
                        ApiFailure? failure =
                            e.State == JobStep.Failed ? (await session.Jobs.GetAsync(job, default)).Failure : null;
                        Print(session.Terminal, e, attempt, attempt?.Failure ?? failure);
                    }
                },
                "ffb jobs logs job_0123…",
                "ffb jobs logs job_0123… --chunk 17",
                "ffb jobs logs job_0123… --follow --output-format jsonl"
            )
            .With(id, chunk, follow);
    }

    private static void Print(Terminal terminal, ApiEvent e, ApiAttempt? attempt, ApiFailure? failure)
    {
        JsonObject document = (JsonObject)JsonSerializer.SerializeToNode(e, ClientJson.Options)!;
        if (attempt is not null)
        {
            document["record"] = JsonSerializer.SerializeToNode(attempt, ClientJson.Options);
        }
        else if (failure is not null)
        {
            document["failure"] = JsonSerializer.SerializeToNode(failure, ClientJson.Options);
        }

        string?[] facts =
        [
            JobTables.Time(e.Time),
            $"{e.Type, -20}",
            e.State is { } state ? JobTables.NameOf(state) : null,
            e.Stage is { } stage ? $"({stage})" : null,
            e.Chunk is { } chunk ? $"chunk {chunk}" : null,
            e.Attempt is { } number ? $"attempt {number}" : null,
            e.Worker is { } worker ? $"on {worker}" : null,
            attempt?.WallSeconds is { } seconds ? Text($"{seconds:0.0} s") : null,
            attempt?.StageMilliseconds is { Count: > 0 } stages ? $"({Times(stages)})" : null,
            failure is null ? e.Code : $"{failure.Code}: {failure.Message}",
        ];
        terminal.AnswerOne(document, text => text.Line(Printable.Of(string.Join("  ", facts.OfType<string>()))));
    }

    /// <summary>The costliest stages, in CPU seconds.</summary>
    private static string Times(IReadOnlyDictionary<string, double> stages) =>
        string.Join(
            ", ",
            stages.OrderByDescending(s => s.Value).Take(4).Select(s => Text($"{s.Key} {s.Value / 1000:0.0} s"))
        );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
