using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Contracts.Api.Outputs;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary><c>ffb jobs download</c>.</summary>
internal static class JobDownloadCommand
{
    public static Command Create()
    {
        Argument<string> id = JobsCommand.OneJob();
        Option<string?> output = new("--output", "-o")
        {
            Description = "File or folder to put it in (default: a new file in the working folder)",
            HelpName = "PATH",
        };
        Option<string> which = new("--which")
        {
            Description = "What of the job",
            DefaultValueFactory = _ => JobDownload.Result,
            HelpName = "result|report.json|report.html|people.png",
        };
        Option<bool> force = JobDownload.ForceOption();
        return FleetCommand
            .Create(
                "download",
                "Fetch the result of a job, or its report, and check its SHA-256; a download that broke off goes on",
                async session =>
                {
                    string job = session.Get(id);
                    (ApiOutput fetched, string path) = await JobDownload.FetchAsync(
                        session,
                        job,
                        session.Get(which) ?? JobDownload.Result,
                        session.Get(output),
                        session.Get(force)
                    );
                    session.Terminal.AnswerOne(
                        new
                        {
                            job,
                            output = fetched.Name,
                            path,
                            fetched.Bytes,
                            fetched.Sha256,
                        },
                        text => text.Line(path)
                    );
                    return ExitCode.Ok;
                },
                "ffb jobs download job_0123…",
                "ffb jobs download job_0123… --output out.mp4 --force",
                "ffb jobs download job_0123… --which report.html --output reports/"
            )
            .With(id, output, which, force);
    }
}
