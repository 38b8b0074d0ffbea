using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary><c>/v1/jobs/{job}/chunks</c>, and the tries at each.</summary>
internal static class ChunkEndpoints
{
    public static void Map(RouteGroupBuilder jobs)
    {
        _ = jobs.MapGet("/{job}/chunks", ListAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.PageSize, Parameters.PageToken)
            .Produces<ApiChunkList>()
            .WithName("listChunks")
            .WithSummary("A job's chunks, in pages");
        _ = jobs.MapGet("/{job}/chunks/{chunk:int:min(0)}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiChunk>()
            .WithName("getChunk")
            .WithSummary("A chunk");
        _ = jobs.MapGet("/{job}/chunks/{chunk:int:min(0)}/attempts", ListAttemptsAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiAttemptList>()
            .WithName("listAttempts")
            .WithSummary("Every try at a chunk, the oldest first");
        _ = jobs.MapGet("/{job}/chunks/{chunk:int:min(0)}/attempts/{attempt:int:min(1)}", GetAttemptAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiAttempt>()
            .WithName("getAttempt")
            .WithSummary("A try at a chunk, with what its worker has reported of it");
    }

    private static async Task<IResult> ListAsync(string job, HttpContext http, JobShelf shelf)
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        PageRequest request = new(http);
        (IReadOnlyList<ChunkRow> page, string? next) = request.Cut(
            http,
            await shelf.ListChunksAsync(row, request, http.RequestAborted),
            c => new PageStart(c.Index, default)
        );
        return Results.Json(new ApiChunkList([.. page.Select(JobAnswers.Of)], next), ApiJson.Answers);
    }

    private static async Task<IResult> GetAsync(string job, int chunk, HttpContext http, JobShelf shelf)
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        return Results.Json(
            JobAnswers.Of(await shelf.FindChunkAsync(row, chunk, http.RequestAborted)),
            ApiJson.Answers
        );
    }

    private static async Task<IResult> GetAttemptAsync(
        string job,
        int chunk,
        int attempt,
        HttpContext http,
        JobShelf shelf,
        AttemptShelf attempts
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        return Results.Json(await attempts.GetAsync(row, chunk, attempt, http.RequestAborted), ApiJson.Answers);
    }

    private static async Task<IResult> ListAttemptsAsync(
        string job,
        int chunk,
        HttpContext http,
        JobShelf shelf,
        ChunkLedger chunks
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        _ = await shelf.FindChunkAsync(row, chunk, http.RequestAborted);
        IReadOnlyList<AttemptRow> history = await chunks.HistoryAsync(row.Id, chunk, http.RequestAborted);
        return Results.Json(new ApiAttemptList([.. history.Select(JobAnswers.Of)]), ApiJson.Answers);
    }
}
