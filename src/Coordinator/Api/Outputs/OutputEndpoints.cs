using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Outputs;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace FaceFusion.Batch.Coordinator.Api.Outputs;

/// <summary><c>/v1/jobs/{job}/outputs</c>: what a job has made, by the store's own address where it has one for clients.</summary>
internal static class OutputEndpoints
{
    /// <summary>Time enough to follow a redirect, and not to pass it on; a download under way goes on.</summary>
    private static readonly TimeSpan AddressLifetime = TimeSpan.FromMinutes(5);

    public static void Map(RouteGroupBuilder jobs)
    {
        _ = jobs.MapGet("/{job}/outputs", ListAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiOutputList>()
            .WithName("listOutputs")
            .WithSummary("What a job has made; nothing before it has succeeded");
        _ = jobs.MapGet("/{job}/outputs/{output}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.Range)
            .Produces<byte[]>(200, "application/octet-stream")
            .Produces<byte[]>(206, "application/octet-stream")
            .Produces(302)
            .WithName("getOutput")
            .WithSummary("The bytes of an output, or where they are: an address that is good for five minutes");
    }

    private static async Task<IResult> ListAsync(string job, HttpContext http, JobShelf shelf, OutputShelf outputs)
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        IReadOnlyList<StoredOutput> found = await outputs.ListAsync(row, http.RequestAborted);
        return Results.Json(new ApiOutputList([.. found.Select(o => o.Output)]), ApiJson.Answers);
    }

    private static async Task<IResult> GetAsync(
        string job,
        string output,
        HttpContext http,
        JobShelf shelf,
        OutputShelf outputs,
        IBlobStore store
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        StoredOutput found = (await outputs.FindAsync(row, output, http.RequestAborted)).OrNotFound();
        ApiOutput facts = found.Output;
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName(facts.FileName);
        string saveAs = disposition.ToString();
        if (store.GetDownloadUrl(found.Blob, facts.ContentType, saveAs, AddressLifetime) is { } address)
        {
            // Not by Results.Redirect, which would write the signed address into the log.
            http.Response.Headers.Location = address;
            return Results.StatusCode(302);
        }

        IHeaderDictionary headers = http.Response.Headers;

        headers.ContentDisposition = saveAs;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        EntityTagHeaderValue? tag = null;
        if (facts.Sha256 is { } sha256)
        {
            headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(sha256))}:";
            tag = new EntityTagHeaderValue($"\"{sha256}\"");
        }

        Stream content = await store.OpenReadAsync(found.Blob, http.RequestAborted);
        return Results.Stream(content, facts.ContentType, entityTag: tag, enableRangeProcessing: true);
    }
}
