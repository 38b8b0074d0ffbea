using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Observing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Workers;

/// <summary><c>/v1/scaling</c>: the figure for an autoscaler, the same from every Coordinator.</summary>
internal static class ScalingEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        _ = v1.MapGet("/scaling", GetAsync)
            .WithTags("Workers")
            .Needs(ApiScope.Workers)
            .WithName("getScaling")
            .WithSummary("What is owed, in seconds of one slot, and who is there to do it")
            .Produces<ApiScaling>();

    private static async Task<IResult> GetAsync(HttpContext http, WorkOwed owed) =>
        Results.Json(await owed.ForScalingAsync(http.RequestAborted), ApiJson.Answers);
}
