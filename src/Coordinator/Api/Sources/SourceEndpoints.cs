using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Sources;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Idempotency;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Sources;

/// <summary><c>/v1/sources</c>: identities, from uploaded photos.</summary>
internal static class SourceEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder sources = v1.MapGroup("/sources").WithTags("Sources");
        _ = sources
            .MapPost("", CreateAsync)
            .Needs(ApiScope.WriteJobs)
            .Honours(Parameters.IdempotencyKey)
            .Accepts<CreateSource>(RequestBody.Json)
            .Produces<ApiSource>(201)
            .WithName("createSource")
            .WithSummary("Make an identity of uploaded photos");
        _ = sources
            .MapGet("", ListAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.PageSize, Parameters.PageToken)
            .Produces<ApiSourceList>()
            .WithName("listSources")
            .WithSummary("Your sources, the newest first");
        _ = sources
            .MapGet("/{source}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiSource>()
            .WithName("getSource")
            .WithSummary("A source");
        _ = sources
            .MapDelete("/{source}", DeleteAsync)
            .Needs(ApiScope.WriteJobs)
            .Produces(204)
            .WithName("deleteSource")
            .WithSummary("Forget a source; jobs made with it keep what they use");
    }

    private static async Task<IResult> CreateAsync(HttpContext http, SourceDesk desk, Repeats repeats)
    {
        RequestBody<CreateSource> body = await RequestBody.ReadAsync<CreateSource>(http);
        string tenant = http.Caller().TenantId;
        return await repeats.OnceAsync(
            http,
            body.Bytes,
            async id =>
            {
                ApiSource made = AnswerOf(await desk.CreateAsync(tenant, id, body.Value, default));
                return Made.Of(201, made, id, $"/v1/sources/{made.Id}");
            }
        );
    }

    private static async Task<IResult> GetAsync(string source, HttpContext http, SourceDesk desk) =>
        Results.Json(
            AnswerOf(await desk.FindAsync(http.Caller().TenantId, source, http.RequestAborted)),
            ApiJson.Answers
        );

    private static async Task<IResult> ListAsync(HttpContext http, SourceDesk desk)
    {
        PageRequest request = new(http);
        (IReadOnlyList<SourceRow> page, string? next) = request.Cut(
            http,
            await desk.ListAsync(http.Caller().TenantId, request, http.RequestAborted),
            s => new PageStart(s.CreatedAt.ToUnixTimeMilliseconds(), s.Id)
        );
        return Results.Json(new ApiSourceList([.. page.Select(AnswerOf)], next), ApiJson.Answers);
    }

    private static async Task<IResult> DeleteAsync(string source, HttpContext http, SourceDesk desk)
    {
        await desk.DeleteAsync(await desk.FindAsync(http.Caller().TenantId, source, http.RequestAborted), default);
        return Results.NoContent();
    }

    private static ApiSource AnswerOf(SourceRow source) =>
        new()
        {
            Id = ApiIds.Write(ApiIds.Source, source.Id),
            Name = source.Name,
            Uploads = [.. source.UploadIds.Select(id => ApiIds.Write(ApiIds.Upload, id))],
            CreateTime = source.CreatedAt,
        };
}
