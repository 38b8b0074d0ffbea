using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary><c>ffb batch</c>: many jobs submitted together.</summary>
internal static class BatchCommand
{
    private const int MostListed = 10_000;

    public static Command Create() =>
        new ExampledCommand(
            "batch",
            "Submit many jobs together, and watch, change and fetch them",
            "ffb batch submit rows.jsonl --watch",
            "ffb batch submit 'clips/**/*.mp4' --source me.jpg",
            "ffb batch download bat_0123… --output 'out/{id}.mp4'"
        )
        {
            BatchSubmitCommand.Create(),
            List(),
            Get(),
            Rows(),
            Watch(),
            Cancel(),
            Retry(),
            BatchDownloadCommand.Create(),
        };

    public static Argument<string> OneBatch() => new("BATCH") { Description = "Its id, as submit printed it" };

    public static FleetBatches BatchesOf(FleetSession session) => new(session.Jobs.Connection);

    private static ExampledCommand List()
    {
        Option<int> limit = new("--limit", "-n")
        {
            Description = $"How many at most, the newest first, 1 to {MostListed}",
            DefaultValueFactory = _ => 50,
            HelpName = "N",
        };
        return FleetCommand
            .Create(
                "list",
                "Your batches, the newest first",
                async session =>
                {
                    int most = Math.Clamp(session.Get(limit), 1, MostListed);
                    IReadOnlyList<ApiBatch> batches = await BatchesOf(session).ListAsync(most, default);
                    session.Terminal.AnswerList("batches", batches, text => BatchTables.PrintList(text, batches));
                    return ExitCode.Ok;
                },
                "ffb batch list"
            )
            .With(limit);
    }

    private static ExampledCommand Get()
    {
        Argument<string> id = OneBatch();
        return FleetCommand
            .Create(
                "get",
                "A batch, with its rows counted",
                async session =>
                {
                    Answer(session, await BatchesOf(session).GetAsync(session.Get(id), default));
                    return ExitCode.Ok;
                },
                "ffb batch get bat_0123…"
            )
            .With(id);
    }

    private static ExampledCommand Rows()
    {
        Argument<string> id = OneBatch();
        string[] states = [.. Enum.GetNames<JobStep>().Append("Invalid").Select(name => name.ToLowerInvariant())];
        Option<string?> state = new("--state")
        {
            Description = "Only those in this state",
            HelpName = string.Join('|', states),
        };
        state.AcceptOnlyFromAmong(states);
        return FleetCommand
            .Create(
                "rows",
                "What became of the rows of a batch",
                async session =>
                {
                    IReadOnlyList<ApiBatchRow> rows = await BatchesOf(session)
                        .ListRowsAsync(session.Get(id), session.Get(state)?.ToUpperInvariant(), default);
                    session.Terminal.AnswerList("rows", rows, text => BatchTables.PrintRows(text, rows));
                    return ExitCode.Ok;
                },
                "ffb batch rows bat_0123… --state failed",
                "ffb batch rows bat_0123… --state invalid --output-format jsonl"
            )
            .With(id, state);
    }

    private static ExampledCommand Watch()
    {
        Argument<string> id = OneBatch();
        return FleetCommand
            .Create(
                "watch",
                "Watch a batch to its end; Ctrl-C detaches, and the jobs go on",
                session => BatchWatching.ToEndAsync(session, session.Get(id)),
                "ffb batch watch bat_0123…"
            )
            .With(id);
    }

    private static ExampledCommand Cancel()
    {
        Argument<string> id = OneBatch();
        Option<string?> reason = new("--reason")
        {
            Description = "Why, in your words; it stays with the jobs",
            HelpName = "TEXT",
        };
        return FleetCommand
            .Create(
                "cancel",
                "Submit nothing more of a batch, and cancel its jobs",
                async session =>
                {
                    Answer(
                        session,
                        await BatchesOf(session).CancelAsync(session.Get(id), session.Get(reason), default)
                    );
                    return ExitCode.Ok;
                },
                "ffb batch cancel bat_0123… --reason 'wrong face'"
            )
            .With(id, reason);
    }

    private static ExampledCommand Retry()
    {
        Argument<string> id = OneBatch();
        return FleetCommand
            .Create(
                "retry",
                "Do again what failed of a batch, and only that",
                async session =>
                {
                    Answer(session, await BatchesOf(session).RetryAsync(session.Get(id), default));
                    return ExitCode.Ok;
                },
                "ffb batch retry bat_0123…"
            )
            .With(id);
    }

    private static void Answer(FleetSession session, ApiBatch batch) =>
        session.Terminal.AnswerOne(batch, text => BatchTables.PrintOne(text, batch));
}
