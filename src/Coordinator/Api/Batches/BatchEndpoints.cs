using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Idempotency;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Batches;

/// <summary><c>/v1/batches</c>: many jobs submitted together.</summary>
internal static class BatchEndpoints
{
    private const string PollSeconds = "2";

    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder batches = v1.MapGroup("/batches").WithTags("Batches");
        _ = batches
            .MapPost("", CreateAsync)
            .Needs(ApiScope.WriteJobs)
            .Honours(Parameters.ValidateOnly, Parameters.IdempotencyKey)
            .Accepts<CreateBatch>(RequestBody.Json)
            .Produces<ApiBatch>(202)
            .Produces<ApiBatchCheck>()
            .WithName("createBatch")
            .WithSummary("Ask for many jobs; with validateOnly=true only for what is wrong with the rows");
        _ = batches
            .MapGet("", ListAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.PageSize, Parameters.PageToken)
            .Produces<ApiBatchList>()
            .WithName("listBatches")
            .WithSummary("Your batches, the newest first, in pages");
        _ = batches
            .MapGet("/{batch}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.IfNoneMatch)
            .Produces<ApiBatch>()
            .Produces(304)
            .WithName("getBatch")
            .WithSummary("A batch with its jobs counted; 304 while it is as your If-None-Match says");
        _ = batches
            .MapGet("/{batch}/rows", ListRowsAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.PageSize, Parameters.PageToken, Parameters.Filter(BatchShelf.Grammar))
            .Produces<ApiBatchRowList>()
            .WithName("listBatchRows")
            .WithSummary("What became of its rows, in pages");
        _ = batches
            .MapPost("/{batch}:cancel", CancelAsync)
            .Needs(ApiScope.WriteJobs)
            .MayTake<CancelBatch>()
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiBatch>(202)
            .WithName("cancelBatch")
            .WithSummary("Submit nothing more of it, and cancel its jobs");
        _ = batches
            .MapPost("/{batch}:retryFailed", RetryAsync)
            .Needs(ApiScope.WriteJobs)
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiBatch>(202)
            .WithName("retryFailedOfBatch")
            .WithSummary("Take its failed jobs up again; of a cancelled batch, also those that were cancelled");
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http,
        BatchIntake intake,
        BatchShelf shelf,
        Repeats repeats
    )
    {
        RequestBody<CreateBatch> body = await RequestBody.ReadAsync<CreateBatch>(http);
        string tenant = http.Caller().TenantId;
        if (http.Request.Query["validateOnly"] == "true")
        {
            return Results.Json(await intake.CheckAsync(tenant, body.Value, http.RequestAborted), ApiJson.Answers);
        }

        http.Response.Headers.RetryAfter = PollSeconds;
        return await repeats.OnceAsync(
            http,
            body.Bytes,
            async id =>
            {
                await intake.AcceptAsync(tenant, id, body.Value, default);
                string name = ApiIds.Write(ApiIds.Batch, id);
                ApiBatch answer = await shelf.DescribeAsync(await shelf.FindAsync(tenant, name, default), default);
                return Made.Of(202, answer, id, $"/v1/batches/{name}", BatchAnswers.TagOf(answer));
            }
        );
    }

    private static async Task<IResult> GetAsync(string batch, HttpContext http, BatchShelf shelf)
    {
        ApiBatch answer = await ReadAsync(batch, http, shelf);
        return Preconditions.HasSeen(http, BatchAnswers.TagOf(answer))
            ? Results.StatusCode(304)
            : Results.Json(answer, ApiJson.Answers);
    }

    private static async Task<IResult> ListAsync(HttpContext http, BatchShelf shelf)
    {
        PageRequest request = new(http);
        (IReadOnlyList<BatchRow> page, string? next) = request.Cut(
            http,
            await shelf.ListAsync(http.Caller().TenantId, request, http.RequestAborted),
            b => new PageStart(b.CreatedAt.ToUnixTimeMilliseconds(), b.Id)
        );
        return Results.Json(
            new ApiBatchList([.. page.Select(b => BatchAnswers.Of(b, null, null))], next),
            ApiJson.Answers
        );
    }

    private static async Task<IResult> ListRowsAsync(string batch, HttpContext http, BatchShelf shelf)
    {
        BatchRow row = await shelf.FindAsync(http.Caller().TenantId, batch, http.RequestAborted);
        PageRequest request = new(http);
        string filter = http.Request.Query["filter"].ToString();
        (IReadOnlyList<(BatchEntryRow Entry, JobRow? Job)> page, string? next) = request.Cut(
            http,
            await shelf.ListRowsAsync(row, filter, request, http.RequestAborted),
            r => new PageStart(r.Entry.Line, default)
        );
        return Results.Json(
            new ApiBatchRowList([.. page.Select(r => BatchAnswers.Of(r.Entry, r.Job))], next),
            ApiJson.Answers
        );
    }

    private static async Task<IResult> CancelAsync(
        string batch,
        HttpContext http,
        BatchShelf shelf,
        BatchControl control
    )
    {
        RequestBody<CancelBatch> body = await RequestBody.ReadOptionalAsync<CancelBatch>(http);
        BatchRow row = await shelf.FindAsync(http.Caller().TenantId, batch, http.RequestAborted);
        await control.CancelAsync(row, body.Value.Reason);
        return Results.Json(await ReadAsync(batch, http, shelf), ApiJson.Answers, statusCode: 202);
    }

    private static async Task<IResult> RetryAsync(
        string batch,
        HttpContext http,
        BatchShelf shelf,
        BatchControl control
    )
    {
        BatchRow row = await shelf.FindAsync(http.Caller().TenantId, batch, http.RequestAborted);
        await control.RetryAsync(row);
        return Results.Json(await ReadAsync(batch, http, shelf), ApiJson.Answers, statusCode: 202);
    }

    /// <summary>The batch as it is now, with its version.</summary>
    private static async Task<ApiBatch> ReadAsync(string batch, HttpContext http, BatchShelf shelf)
    {
        BatchRow row = await shelf.FindAsync(http.Caller().TenantId, batch, http.RequestAborted);
        ApiBatch answer = await shelf.DescribeAsync(row, http.RequestAborted);
        http.Response.Headers.ETag = BatchAnswers.TagOf(answer);
        if (!BatchRow.Over.Contains(row.State))
        {
            http.Response.Headers.RetryAfter = PollSeconds;
        }

        return answer;
    }
}
