using System.CommandLine;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary><c>ffb jobs</c>: what to do with jobs that are there.</summary>
internal static class JobsCommand
{
    public static Command Create() =>
        new ExampledCommand(
            "jobs",
            "List, watch and change the jobs of a fleet",
            "ffb jobs list",
            "ffb jobs watch job_0123…",
            "ffb jobs cancel job_0123… --reason 'wrong face'"
        )
        {
            JobListCommand.Create(),
            JobGetCommand.Create(),
            JobWatchCommand.Create(),
            JobDownloadCommand.Create(),
            JobEventsCommand.Create(),
            JobLogsCommand.Create(),
            JobChangeCommands.Cancel(),
            JobChangeCommands.Retry(),
            JobChangeCommands.Priority(),
            JobChangeCommands.Pause(),
            JobChangeCommands.Resume(),
            JobChangeCommands.Delete(),
        };

    public static Argument<string> OneJob() => new("JOB") { Description = "The job's id, as submit printed it" };

    public static Argument<string[]> Jobs() =>
        new("JOB") { Description = "Ids of jobs, as submit printed them", Arity = ArgumentArity.OneOrMore };
}
