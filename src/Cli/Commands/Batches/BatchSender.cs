using System.Text.Json;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Submit;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>Brings the files of rows, each once, and then the rows themselves with what the fleet calls the files.</summary>
/// <param name="connection">To the fleet.</param>
/// <param name="terminal">Is shown the files that are there.</param>
/// <param name="atOnce">Files on their way at a time.</param>
internal sealed class BatchSender(ApiConnection connection, Terminal terminal, int atOnce)
{
    private readonly Lock _counting = new();

    /// <param name="rows">Checked.</param>
    /// <param name="photos">Of rows that have none.</param>
    /// <param name="defaults">What holds for rows that do not say otherwise, but for files.</param>
    /// <param name="label">Of the batch.</param>
    /// <param name="rule">What becomes of good rows where others are wrong.</param>
    /// <param name="stop">What is there stays for the next time.</param>
    public async Task<ApiBatch> SendAsync(
        IReadOnlyList<CheckedLocalRow> rows,
        IReadOnlyList<PhotosOfIdentity> photos,
        JobDefaults defaults,
        string? label,
        RowErrorRule rule,
        CancellationToken stop
    )
    {
        ProgressView progress = terminal.Progress();
        try
        {
            Uploader quiet = new(connection, new ProgressView(TextWriter.Null, terminal.Options with { Quiet = true }));
            Submitter submitter = new(connection, terminal);
            Dictionary<string, IReadOnlyList<string>> sources = [];
            sources[""] = await SourcesAsync(photos, submitter, quiet, stop);
            foreach (CheckedLocalRow row in rows.Where(r => r.Photos.Count > 0))
            {
                string key = string.Join('\n', row.Photos);
                if (!sources.ContainsKey(key))
                {
                    sources[key] = await SourcesAsync([new("source", row.Photos)], submitter, quiet, stop);
                }
            }

            Dictionary<string, string> targets = await BringAsync(
                [.. rows.Select(r => r.Target)],
                quiet,
                progress,
                stop
            );
            byte[] manifest = ManifestOf(rows, targets, sources);
            ApiUpload upload = await BringManifestAsync(manifest, quiet, stop);
            CreateBatch asked = new()
            {
                ManifestUpload = upload.Id,
                Defaults = defaults,
                Label = label,
                OnRowError = rule,
            };
            return await new FleetBatches(connection).SubmitAsync(asked, stop);
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>The rows as the fleet takes them, in the same lines, so that its errors name lines of the user's file.</summary>
    private static byte[] ManifestOf(
        IReadOnlyList<CheckedLocalRow> rows,
        Dictionary<string, string> targets,
        Dictionary<string, IReadOnlyList<string>> sources
    )
    {
        using MemoryStream text = new();
        int line = 1;
        foreach (CheckedLocalRow row in rows)
        {
            for (; line < row.Line; line++)
            {
                text.WriteByte((byte)'\n');
            }

            Recipe? recipe = row.Recipe;
            BatchJob job = new()
            {
                Id = row.Row.Id,
                Target = targets[row.Target],
                Sources = sources[string.Join('\n', row.Photos)],
                Recipe = recipe,
                Kind = row.Row.Kind,
                Priority = row.Row.Priority,
                Labels = row.Row.Labels,
                ChunkFrames = row.Row.ChunkFrames,
            };
            text.Write(JsonSerializer.SerializeToUtf8Bytes(job, ApiJson.Answers));
        }

        return text.ToArray();
    }

    private static async Task<IReadOnlyList<string>> SourcesAsync(
        IReadOnlyList<PhotosOfIdentity> photos,
        Submitter submitter,
        Uploader uploader,
        CancellationToken stop
    )
    {
        List<string> ids = [];
        foreach (PhotosOfIdentity identity in photos)
        {
            ids.Add(await submitter.MakeSourceAsync(identity, uploader, stop));
        }

        return ids;
    }

    private async Task<Dictionary<string, string>> BringAsync(
        HashSet<string> paths,
        Uploader uploader,
        ProgressView progress,
        CancellationToken stop
    )
    {
        Dictionary<string, string> brought = [];
        progress.Show(new RowProgress("upload", 0, paths.Count, "files"));
        ParallelOptions some = new() { MaxDegreeOfParallelism = atOnce, CancellationToken = stop };
        await Parallel.ForEachAsync(
            paths,
            some,
            async (path, token) =>
            {
                ApiUpload upload = await uploader.BringAsync(path, UploadFor.Target, token);
                lock (_counting)
                {
                    brought[path] = upload.Id;
                    progress.Show(new RowProgress("upload", brought.Count, paths.Count, "files"));
                }
            }
        );
        return brought;
    }

    private static async Task<ApiUpload> BringManifestAsync(byte[] manifest, Uploader uploader, CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ffb-batch-");
        try
        {
            string path = Path.Combine(folder.FullName, "rows.jsonl");
            await File.WriteAllBytesAsync(path, manifest, stop);
            return await uploader.BringAsync(path, UploadFor.Manifest, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
