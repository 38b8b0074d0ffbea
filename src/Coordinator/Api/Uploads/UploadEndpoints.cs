using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Idempotency;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Uploading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Uploads;

/// <summary><c>/v1/uploads</c>: bytes on their way in, block by block.</summary>
internal static class UploadEndpoints
{
    private const int MostBlocks = 1000;
    private static readonly TimeSpan CheckWait = TimeSpan.FromSeconds(30);

    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder uploads = v1.MapGroup("/uploads").WithTags("Uploads");
        _ = uploads
            .MapPost("", CreateAsync)
            .Needs(ApiScope.WriteJobs)
            .Honours(Parameters.IdempotencyKey)
            .Accepts<CreateUpload>(RequestBody.Json)
            .Produces<ApiUpload>(201)
            .Produces<ApiUpload>()
            .WithName("createUpload")
            .WithSummary("Announce bytes; 200 if you have brought them before");
        _ = uploads
            .MapGet("/{upload}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiUpload>()
            .WithName("getUpload")
            .WithSummary("An upload");
        _ = uploads
            .MapGet("/{upload}/blocks", ListBlocksAsync)
            .Needs(ApiScope.WriteJobs)
            .Honours(Parameters.PageSize, Parameters.PageToken)
            .Produces<ApiBlockList>()
            .WithName("listBlocks")
            .WithSummary("Which blocks are there, and where to PUT the others");
        _ = uploads
            .MapPut("/{upload}/blocks/{block:int:min(0)}", PutBlockAsync)
            .Needs(ApiScope.WriteJobs)
            .Fails(ProblemKind.InvalidRequest, ProblemKind.InvalidState, ProblemKind.Expired, ProblemKind.TooLarge)
            .Produces(204)
            .WithName("putBlock")
            .WithSummary("The bytes of one block, where the blocks' addresses are here");
        _ = uploads
            .MapPost("/{upload}:complete", CompleteAsync)
            .Needs(ApiScope.WriteJobs)
            .MayTake<Nothing>()
            .Honours(Parameters.Wait)
            .Fails(ProblemKind.Incomplete, ProblemKind.Expired)
            .FailsByItself(422, "The media's own code, such as UPLOAD_EMPTY, DIGEST_MISMATCH or VIDEO_NOT_READABLE.")
            .Produces<ApiUpload>()
            .Produces<ApiUpload>(202)
            .WithName("completeUpload")
            .WithSummary("All blocks are there: check and use them");
        _ = uploads
            .MapDelete("/{upload}", DeleteAsync)
            .Needs(ApiScope.WriteJobs)
            .Produces(204)
            .WithName("deleteUpload")
            .WithSummary("Forget an upload; jobs made with it keep what they use");
    }

    private static async Task<IResult> CreateAsync(HttpContext http, UploadDesk desk, Repeats repeats)
    {
        RequestBody<CreateUpload> body = await RequestBody.ReadAsync<CreateUpload>(http);
        string tenant = http.Caller().TenantId;
        return await repeats.OnceAsync(
            http,
            body.Bytes,
            async id =>
            {
                ApiUpload made = UploadAnswers.Of(await desk.CreateAsync(tenant, id, body.Value, default));
                return Made.Of(made.Deduplicated ? 200 : 201, made, id, $"/v1/uploads/{made.Id}");
            }
        );
    }

    private static async Task<IResult> GetAsync(string upload, HttpContext http, UploadDesk desk) =>
        Answer(UploadAnswers.Of(await desk.FindAsync(http.Caller().TenantId, upload, http.RequestAborted)));

    private static async Task<IResult> ListBlocksAsync(string upload, HttpContext http, UploadDesk desk)
    {
        UploadRow row = await desk.FindAsync(http.Caller().TenantId, upload, http.RequestAborted);
        PageRequest request = new(http, MostBlocks, MostBlocks);
        int from = (int)((request.Start?.Number + 1) ?? 0);
        (IReadOnlyList<ApiBlock> page, string? next) = request.Cut(
            http,
            await desk.ListBlocksAsync(row, from, request.Size + 1, http.RequestAborted),
            b => new PageStart(b.Number, default)
        );
        return Answer(new ApiBlockList(page, next));
    }

    private static async Task<IResult> PutBlockAsync(
        string upload,
        int block,
        HttpContext http,
        UploadDesk desk,
        BlockIntake intake
    )
    {
        UploadRow row = await desk.FindOpenAsync(http.Caller().TenantId, upload, http.RequestAborted);
        if (block >= UploadBook.BlockCount(row))
        {
            throw new ProblemException(ProblemKind.NotFound, "The upload has fewer blocks.");
        }

        await intake.TakeAsync(http, row, block);
        return Results.NoContent();
    }

    private static async Task<IResult> CompleteAsync(
        string upload,
        HttpContext http,
        UploadDesk desk,
        ApiOptions options
    )
    {
        _ = await RequestBody.ReadOptionalAsync<Nothing>(http);
        UploadRow row = await desk.FindAsync(http.Caller().TenantId, upload, http.RequestAborted);
        TimeSpan wait = Waits.Asked(http, options) is { } seconds ? TimeSpan.FromSeconds(seconds) : CheckWait;
        UploadRow last = await desk.CompleteAsync(row, wait, http.RequestAborted);
        if (last is { State: not UploadState.Ready, Failure: { } failure })
        {
            throw new ProblemException(ProblemKind.Of(failure), failure.Message);
        }

        if (last.State == UploadState.Ready)
        {
            return Answer(UploadAnswers.Of(last));
        }

        http.Response.Headers.RetryAfter = "2";
        return Results.Json(UploadAnswers.Of(last), ApiJson.Answers, statusCode: 202);
    }

    private static async Task<IResult> DeleteAsync(string upload, HttpContext http, UploadDesk desk)
    {
        UploadRow row = await desk.FindAsync(http.Caller().TenantId, upload, http.RequestAborted);
        await desk.DeleteAsync(row, default);
        return Results.NoContent();
    }

    private static IResult Answer<T>(T value) => Results.Json(value, ApiJson.Answers);

    /// <summary>An action without settings.</summary>
    private sealed record Nothing;
}
