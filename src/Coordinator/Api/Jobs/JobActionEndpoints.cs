using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>Changes of a job: each answers with the job as it then is.</summary>
internal static class JobActionEndpoints
{
    public static void Map(RouteGroupBuilder jobs)
    {
        _ = Describe(jobs.MapPatch("/{job}", PatchAsync), "patchJob", "Change priority or labels; If-Match is needed")
            .Honours(Parameters.IfMatch)
            .Accepts<PatchJob>(RequestBody.MergePatch, RequestBody.Json)
            .Produces<ApiJob>();
        _ = Describe(jobs.MapPost("/{job}:cancel", CancelAsync), "cancelJob", "End it; nothing of it is published")
            .MayTake<CancelJob>()
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiJob>();
        _ = Describe(jobs.MapPost("/{job}:retry", RetryAsync), "retryJob", "Do again what failed of it, and only that")
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiJob>();
        _ = Describe(
                jobs.MapPost("/{job}:pause", PauseAsync),
                "pauseJob",
                "Begin nothing new of it; what runs finishes"
            )
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiJob>();
        _ = Describe(jobs.MapPost("/{job}:resume", ResumeAsync), "resumeJob", "Go on with it")
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiJob>();
        _ = Describe(
                jobs.MapDelete("/{job}", DeleteAsync),
                "deleteJob",
                "Forget an ended job and all that it stored; If-Match is needed"
            )
            .Honours(Parameters.IfMatch)
            .Fails(ProblemKind.InvalidState)
            .Produces(204);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.Needs(ApiScope.WriteJobs).WithName(name).WithSummary(summary);

    private static async Task<IResult> PatchAsync(string job, HttpContext http, JobShelf shelf, JobControl control)
    {
        RequestBody<PatchJob> body = await RequestBody.ReadAsync<PatchJob>(
            http,
            RequestBody.MergePatch,
            RequestBody.Json
        );
        await Preconditions.ChangeAsync(
            http,
            () => shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted),
            (row, version) => control.PatchAsync(row, version, body.Value)
        );
        return await JobEndpoints.AnswerAsync(job, http, shelf);
    }

    private static async Task<IResult> CancelAsync(string job, HttpContext http, JobShelf shelf, JobControl control)
    {
        RequestBody<CancelJob> body = await RequestBody.ReadOptionalAsync<CancelJob>(http);
        await control.CancelAsync(
            await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted),
            body.Value.Reason
        );
        return await JobEndpoints.AnswerAsync(job, http, shelf);
    }

    private static async Task<IResult> RetryAsync(string job, HttpContext http, JobShelf shelf, JobControl control)
    {
        await control.RetryAsync(await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted));
        return await JobEndpoints.AnswerAsync(job, http, shelf);
    }

    private static async Task<IResult> PauseAsync(string job, HttpContext http, JobShelf shelf, JobControl control)
    {
        await control.PauseAsync(
            await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted),
            isPaused: true
        );
        return await JobEndpoints.AnswerAsync(job, http, shelf);
    }

    private static async Task<IResult> ResumeAsync(string job, HttpContext http, JobShelf shelf, JobControl control)
    {
        await control.PauseAsync(
            await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted),
            isPaused: false
        );
        return await JobEndpoints.AnswerAsync(job, http, shelf);
    }

    private static async Task<IResult> DeleteAsync(string job, HttpContext http, JobShelf shelf, JobControl control)
    {
        await Preconditions.ChangeAsync(
            http,
            () => shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted),
            control.DeleteAsync
        );
        return Results.NoContent();
    }
}
