using System.Globalization;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Recipes;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary>Jobs and chunks for people to read.</summary>
internal static class JobTables
{
    public static string NameOf<T>(T state)
        where T : struct, Enum => $"{state}".ToLowerInvariant();

    public static void PrintList(Terminal terminal, IReadOnlyList<ApiJob> jobs)
    {
        if (jobs.Count == 0)
        {
            terminal.Note("No jobs.");
            return;
        }

        RowTable table = new("JOB", "STATE", "PRIORITY", "CREATED", "TOOK", "LABELS", "WHY");
        foreach (ApiJob job in jobs)
        {
            table.Add(
                [
                    job.Id,
                    NameOf(job.State),
                    $"{job.Priority}",
                    Time(job.CreateTime),
                    job.FinishTime is { } end ? StageProgress.Clock(end - job.CreateTime) : "",
                    Labels(job),
                    job.Failure?.Code ?? job.CancelReason ?? "",
                ],
                StyleOf(job.State)
            );
        }

        table.WriteTo(terminal);
    }

    public static void PrintOne(Terminal terminal, ApiJob job)
    {
        FactTable table = new();
        table.Add("job", job.Id);
        table.Add("state", NameOf(job.State));
        if (job.Failure is { } failure)
        {
            table.Add("why", Printable.Of($"{failure.Message} ({failure.Code})"));
        }

        if (job.CancelReason is { } reason)
        {
            table.Add("reason", Printable.Of(reason));
        }

        if (job.Progress is { FramesTotal: > 0 } progress)
        {
            table.Add(
                "progress",
                $"{progress.FramesDone:N0} of {progress.FramesTotal:N0} frames, {progress.ChunksDone} of {progress.ChunksTotal} chunks"
            );
        }

        table.Add("for", $"{NameOf(job.Kind)}: {string.Join(", ", job.Recipe.Processors.Select(StepName))}");
        table.Add("priority", $"{job.Priority}");
        if (job.Labels.Count > 0)
        {
            table.Add("labels", Labels(job));
        }

        table.Add("created", Time(job.CreateTime));
        if (job.FinishTime is { } end)
        {
            table.Add("finished", $"{Time(end)}, after {StageProgress.Clock(end - job.CreateTime)}");
        }

        foreach (string warning in job.Warnings)
        {
            table.Add("note", Printable.Of(warning));
        }

        if (job.ResultSha256 is { } hash)
        {
            table.Add("result", $"SHA-256 {Printable.Of(hash)}");
        }

        table.WriteTo(terminal);
    }

    public static void PrintChunks(
        Terminal terminal,
        IReadOnlyList<(ApiChunk Chunk, IReadOnlyList<ApiAttempt> Attempts)> chunks
    )
    {
        RowTable table = new("CHUNK", "FRAMES", "STATE", "DONE", "ATTEMPT", "WORKER", "RELEASED", "TOOK", "OUTCOME");
        foreach ((ApiChunk chunk, IReadOnlyList<ApiAttempt> attempts) in chunks)
        {
            int length = chunk.End - chunk.Start;
            table.Add(
                [
                    $"{chunk.Index}",
                    $"{chunk.Start}–{chunk.End - 1}",
                    NameOf(chunk.State),
                    $"{(length > 0 ? 100 * chunk.FramesDone / length : 0)} %",
                    $"{chunk.Attempt}",
                    Printable.Of(chunk.Worker ?? ""),
                ],
                StyleOf(chunk.State)
            );
            foreach (ApiAttempt attempt in attempts)
            {
                string why = attempt.Failure is { } failure ? $": {failure.Message} ({failure.Code})" : "";
                table.Add(
                    [
                        "",
                        "",
                        "",
                        "",
                        $"{attempt.Attempt}",
                        Printable.Of(attempt.Worker ?? ""),
                        Time(attempt.ReleaseTime),
                        attempt.EndTime is { } end ? StageProgress.Clock(end - attempt.ReleaseTime) : "",
                        Printable.Of($"{NameOf(attempt.Outcome)}{why}"),
                    ],
                    null
                );
            }
        }

        table.WriteTo(terminal);
    }

    /// <summary>As the clock of this machine shows it.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static Color? StyleOf(JobStep state) =>
        state switch
        {
            JobStep.Succeeded => Color.Green,
            JobStep.Failed or JobStep.Declined => Color.Red,
            JobStep.Cancelled or JobStep.Paused => Color.Yellow,
            JobStep.Running or JobStep.Finalizing => Color.Aqua,
            _ => null,
        };

    private static Color? StyleOf(ChunkStep state) =>
        state switch
        {
            ChunkStep.Succeeded => Color.Green,
            ChunkStep.Quarantined => Color.Red,
            ChunkStep.Running => Color.Aqua,
            _ => null,
        };

    private static string StepName(ProcessorStep step) =>
        step.GetType().Name.Replace("Step", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Labels(ApiJob job) =>
        Printable.Of(
            string.Join(' ', job.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))
        );
}
