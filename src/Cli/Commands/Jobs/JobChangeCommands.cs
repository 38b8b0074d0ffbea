using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary>What changes jobs; each answers with the jobs as they then are.</summary>
internal static class JobChangeCommands
{
    public static Command Cancel()
    {
        Option<string?> reason = new("--reason")
        {
            Description = "Why, in your words; it stays with the job",
            HelpName = "TEXT",
        };
        return Change(
                "cancel",
                "End jobs; nothing of them is published",
                (session, id) =>
                    session.Jobs.ActAsync(id, "cancel", new CancelJob { Reason = session.Get(reason) }, default),
                "ffb jobs cancel job_0123… --reason 'wrong face'",
                "ffb jobs cancel job_0123… job_4567…"
            )
            .With(reason);
    }

    public static Command Retry() =>
        Change(
            "retry",
            "Do again what failed of jobs, and only that",
            (session, id) => session.Jobs.ActAsync(id, "retry", null, default),
            "ffb jobs retry job_0123…"
        );

    public static Command Pause() =>
        Change(
            "pause",
            "Begin nothing new of jobs; what runs finishes",
            (session, id) => session.Jobs.ActAsync(id, "pause", null, default),
            "ffb jobs pause job_0123…"
        );

    public static Command Resume() =>
        Change(
            "resume",
            "Go on with paused jobs",
            (session, id) => session.Jobs.ActAsync(id, "resume", null, default),
            "ffb jobs resume job_0123…"
        );

    public static Command Priority()
    {
        Argument<string> id = JobsCommand.OneJob();
        Argument<int> priority = new("PRIORITY") { Description = "0 to 100; higher goes first" };
        return FleetCommand
            .Create(
                "priority",
                "Let a job go before others, or after them",
                async session =>
                {
                    PatchJob change = new() { Priority = session.Get(priority) };
                    ApiJob job = await session.Jobs.PatchAsync(session.Get(id), change, default);
                    session.Terminal.AnswerOne(job, text => text.Line($"{job.Id}  priority {job.Priority}"));
                    return ExitCode.Ok;
                },
                "ffb jobs priority job_0123… 90"
            )
            .With(id, priority);
    }

    public static Command Delete()
    {
        Argument<string[]> ids = JobsCommand.Jobs();
        return FleetCommand
            .Create(
                "delete",
                "Forget ended jobs, and their results with them",
                session =>
                    FleetCommand.EachAsync(
                        session.Terminal,
                        session.Get(ids),
                        async id =>
                        {
                            await session.Jobs.DeleteAsync(id, default);
                            session.Terminal.AnswerOne(new { id, deleted = true }, text => text.Line($"{id}  deleted"));
                        }
                    ),
                "ffb jobs delete job_0123…"
            )
            .With(ids);
    }

    private static ExampledCommand Change(
        string name,
        string description,
        Func<FleetSession, string, Task<ApiJob>> change,
        params string[] examples
    )
    {
        Argument<string[]> ids = JobsCommand.Jobs();
        return FleetCommand
            .Create(
                name,
                description,
                session =>
                    FleetCommand.EachAsync(
                        session.Terminal,
                        session.Get(ids),
                        async id =>
                        {
                            ApiJob job = await change(session, id);
                            session.Terminal.AnswerOne(
                                job,
                                text => text.Line($"{job.Id}  {JobTables.NameOf(job.State)}")
                            );
                        }
                    ),
                examples
            )
            .With(ids);
    }
}
