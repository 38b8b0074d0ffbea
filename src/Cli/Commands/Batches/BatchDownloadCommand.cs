using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Api.Batches;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary><c>ffb batch download</c>.</summary>
internal static class BatchDownloadCommand
{
    private const string Id = "{id}";

    public static Command Create()
    {
        Argument<string> batch = BatchCommand.OneBatch();
        Option<string> output = new("--output", "-o")
        {
            Description = "Where each result goes; {id} stands for its row",
            DefaultValueFactory = _ => "{id}.mp4",
            HelpName = "PATTERN",
        };
        Option<bool> force = JobDownload.ForceOption();
        return FleetCommand
            .Create(
                "download",
                "Fetch the results of a batch; files that are there stay, unless --force is given",
                session => RunAsync(session, session.Get(batch), session.Get(output) ?? "", session.Get(force)),
                "ffb batch download bat_0123… --output 'out/{id}.mp4'"
            )
            .With(batch, output, force);
    }

    private static async Task<ExitCode> RunAsync(FleetSession session, string batch, string pattern, bool overwrite)
    {
        if (!pattern.Contains(Id, StringComparison.Ordinal))
        {
            throw Setting.Wrong($"--output must have {Id} in it, so that each row has a file of its own.");
        }

        IReadOnlyList<ApiBatchRow> rows = await BatchCommand
            .BatchesOf(session)
            .ListRowsAsync(batch, "SUCCEEDED", default);
        List<object> fetched = [];
        foreach ((ApiBatchRow row, string place) in Places(rows, pattern))
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(place) ?? "/");
            (_, string path) = await JobDownload.FetchAsync(
                session,
                row.Job!,
                JobDownload.Result,
                place,
                overwrite,
                keepOld: !overwrite
            );

            fetched.Add(
                new
                {
                    row.Id,
                    row.Job,
                    Path = path,
                }
            );
            if (!session.Terminal.IsJson)
            {
                session.Terminal.Line(path);
            }
        }

        session.Terminal.AnswerList("results", fetched, _ => { });
        return ExitCode.Ok;
    }

    /// <summary>What rows are called says nothing about folders, and two of them never get one file.</summary>
    internal static IEnumerable<(ApiBatchRow Row, string Path)> Places(IReadOnlyList<ApiBatchRow> rows, string pattern)
    {
        ILookup<string, ApiBatchRow> names = rows.ToLookup(
            row => SafeNames.Of(row.Id ?? ""),
            StringComparer.OrdinalIgnoreCase
        );
        foreach (ApiBatchRow row in rows)
        {
            string name = SafeNames.Of(row.Id ?? "");
            string own = name == row.Id && names[name].Count() == 1 ? name : $"{name}-{row.Job?[^12..]}";
            yield return (row, Path.GetFullPath(pattern.Replace(Id, own, StringComparison.Ordinal)));
        }
    }
}
