using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Outputs;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary>Brings what a job has made to this machine, for <c>jobs download</c> and <c>submit --output</c>.</summary>
internal static class JobDownload
{
    public const string Result = "result";

    public static Option<bool> ForceOption() => new("--force") { Description = "Replace a file that is there" };

    /// <summary>Where the output goes; asked before anything is fetched.</summary>
    /// <param name="asked">A file, an existing folder, or null for the working folder.</param>
    /// <param name="fileName">What the server calls it; taken as a name and never as a path.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="ApiCallException"><c>output-exists</c>.</exception>
    /// <exception cref="StorageException"><c>output-folder-missing</c>.</exception>
    public static string PlaceOf(string? asked, string fileName, bool overwrite)
    {
        string folder = asked is null ? "." : asked;
        string path = Path.GetFullPath(
            asked is null || Directory.Exists(asked) ? Path.Combine(folder, SafeName(fileName)) : asked
        );
        if (Directory.Exists(path))
        {
            throw new InvalidRecipeException("output-is-folder", $"{path} is a folder: give the result a file name.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new StorageException(
                "output-folder-missing",
                $"The output folder {Path.GetDirectoryName(path)} does not exist: make it first.",
                isTransient: false
            );
        }

        return !overwrite && File.Exists(path)
            ? throw new ApiCallException(
                ExitCode.Conflict,
                "output-exists",
                $"{path} exists: --force replaces it, --output names another."
            )
            : path;
    }

    /// <param name="keepOld">A file that is there is taken for the output.</param>
    /// <returns>The output and the file that has it now, which is the asked one but for a result's extension.</returns>
    public static async Task<(ApiOutput Output, string Path)> FetchAsync(
        FleetSession session,
        string job,
        string name,
        string? asked,
        bool overwrite,
        bool keepOld = false
    )
    {
        IReadOnlyList<ApiOutput> outputs = await session.Jobs.ListOutputsAsync(job, default);
        ApiOutput output =
            outputs.FirstOrDefault(o => o.Name == name) ?? throw await MissingAsync(session, job, name, outputs);
        string? kind = name == Result ? OfKind(asked, output.FileName) : asked;
        if (keepOld && File.Exists(kind))
        {
            return (output, Path.GetFullPath(kind));
        }

        string path = PlaceOf(kind, output.FileName, overwrite);
        Downloader downloader = new(session.Jobs.Connection, session.Terminal.Progress());
        await downloader.FetchAsync(job, output, path, overwrite, default);
        return (output, path);
    }

    /// <summary>
    /// A result is .mov or .mkv where mp4 does not hold the target's streams; it is not given a name that says otherwise.
    /// </summary>
    internal static string? OfKind(string? asked, string fileName)
    {
        string kind = Path.GetExtension(SafeName(fileName));
        return asked is null || Directory.Exists(asked) || kind.Length == 0 ? asked : Path.ChangeExtension(asked, kind);
    }

    private static string SafeName(string fileName)
    {
        string name = Printable.Of(fileName.Split('/', '\\')[^1]).TrimStart('.', '-', ' ');
        return name.Length > 0 ? name : "result";
    }

    private static async Task<ApiCallException> MissingAsync(
        FleetSession session,
        string job,
        string name,
        IReadOnlyList<ApiOutput> outputs
    )
    {
        if (outputs.Count > 0)
        {
            string there = Printable.Of(string.Join(", ", outputs.Select(o => o.Name)));
            return new ApiCallException(ExitCode.NotFound, "output-none", $"The job has no {name}; it has {there}.");
        }

        ApiJob now = await session.Jobs.GetAsync(job, default);
        string hint = JobWatch.HasEnded(now.State) ? "" : $" `ffb jobs watch {job}` waits for it.";
        return new ApiCallException(
            ExitCode.Conflict,
            "output-none",
            $"The job has made nothing to download: it is {JobTables.NameOf(now.State)}.{hint}"
        );
    }
}
