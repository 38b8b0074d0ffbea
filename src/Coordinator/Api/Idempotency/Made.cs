using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Api.Idempotency;

/// <summary>The answer to a request that makes something.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON.</param>
/// <param name="Location">Where it is.</param>
/// <param name="ETag">Its version, with the quotes.</param>
/// <param name="MadeId">What was made.</param>
/// <param name="IsReplayed">It was answered before.</param>
internal sealed record Made(int Status, string Body, string? Location, string? ETag, Guid MadeId, bool IsReplayed)
    : IResult
{
    public static Made Of<T>(int status, T body, Guid madeId, string? location = null, string? eTag = null) =>
        new(status, JsonSerializer.Serialize(body, ApiJson.Answers), location, eTag, madeId, false);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse answer = httpContext.Response;
        answer.StatusCode = Status;
        answer.ContentType = "application/json; charset=utf-8";
        if (Location is not null)
        {
            answer.Headers.Location = Location;
        }

        if (ETag is not null)
        {
            answer.Headers.ETag = ETag;
        }

        if (IsReplayed)
        {
            answer.Headers["Idempotency-Replayed"] = "true";
        }

        return answer.WriteAsync(Body, httpContext.RequestAborted);
    }
}
