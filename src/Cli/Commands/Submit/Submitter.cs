using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Sources;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Contracts.Licences;

namespace FaceFusion.Batch.Cli.Commands.Submit;

/// <summary>Turns files into uploads and sources of a fleet, and those into a job.</summary>
internal sealed class Submitter(ApiConnection connection, Terminal terminal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Brings every file. The rest of what is asked for is not known to the fleet yet.</summary>
    public async Task<CreateJob> PrepareAsync(Submission order, CancellationToken stop)
    {
        ProgressView progress = terminal.Progress();
        try
        {
            Uploader uploader = new(connection, progress);
            // Photos first: a photo that cannot be used is told before a long video is sent.
            List<string> sources = [];
            foreach (PhotosOfIdentity identity in order.Photos)
            {
                sources.Add(await MakeSourceAsync(identity, uploader, stop));
            }

            ApiUpload target = await uploader.BringAsync(order.Target, UploadFor.Target, stop);
            CreateJob asked = new()
            {
                Target = target.Id,
                Sources = sources,
                Recipe = order.Recipe,
                Labels = order.Labels,
                ChunkFrames = order.ChunkFrames,
                Usage = order.Usage == LicenceUsage.Unspecified ? null : order.Usage,
            };
            return asked with { Priority = order.Priority ?? asked.Priority };
        }
        finally
        {
            progress.End();
        }
    }

    public Task<ApiPlanAnswer> PlanAsync(CreateJob asked, CancellationToken stop) =>
        connection.AskAsync<ApiPlanAnswer>(
            ApiCall.Post("v1/jobs?validateOnly=true", asked) with
            {
                IsRepeatable = true,
            },
            stop
        );

    /// <param name="asked">The job.</param>
    /// <param name="key">Null: one that nobody else has, so that a repeated request makes one job and a repeated command a second.</param>
    /// <param name="stop">Ends the request; the job may have been made.</param>
    public Task<ApiJob> SubmitAsync(CreateJob asked, string? key, CancellationToken stop)
    {
        ApiCall call = ApiCall.Post("v1/jobs", asked).Once(key ?? $"job-{Guid.NewGuid():N}");
        return connection.AskAsync<ApiJob>(call with { Patience = Patience }, stop);
    }

    /// <summary>A source of these photos; the one of an earlier run, if that was within a day.</summary>
    public async Task<string> MakeSourceAsync(PhotosOfIdentity identity, Uploader uploader, CancellationToken stop)
    {
        List<string> uploads = [];
        foreach (string path in identity.Paths)
        {
            ApiUpload upload = await uploader.BringAsync(path, UploadFor.Source, stop);
            uploads.Add(upload.Id);
        }

        CreateSource asked = new() { Name = identity.Name, Uploads = uploads };
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(asked, ApiJson.Answers);
        ApiCall call = ApiCall.Post("v1/sources", asked) with { Patience = Patience };
        string key = $"source-{Convert.ToHexStringLower(SHA256.HashData(body))}";
        ApiSource made = await connection.AskAsync<ApiSource>(call.Once(key), stop);
        return await IsThereAsync(made.Id, stop)
            ? made.Id
            : (await connection.AskAsync<ApiSource>(call.Once($"source-{Guid.NewGuid():N}"), stop)).Id;
    }

    private async Task<bool> IsThereAsync(string sourceId, CancellationToken stop)
    {
        try
        {
            _ = await connection.AskAsync<ApiSource>(ApiCall.Get($"v1/sources/{sourceId}"), stop);
            return true;
        }
        catch (ApiCallException e) when (e.Exit == ExitCode.NotFound)
        {
            return false;
        }
    }
}
