using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary><c>ffb jobs get</c>.</summary>
internal static class JobGetCommand
{
    public static Command Create()
    {
        Argument<string> id = JobsCommand.OneJob();
        return FleetCommand
            .Create(
                "get",
                "A job as it is now",
                async session =>
                {
                    ApiJob job = await session.Jobs.GetAsync(session.Get(id), default);
                    session.Terminal.AnswerOne(job, text => JobTables.PrintOne(text, job));
                    return ExitCode.Ok;
                },
                "ffb jobs get job_0123…",
                "ffb jobs get job_0123… --output-format json | jq .state"
            )
            .With(id);
    }
}
