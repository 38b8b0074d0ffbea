using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Health;

internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes
            .MapGet("/healthz", () => TypedResults.Text("alive"))
            .WithName("getHealth")
            .WithSummary("The process answers")
            .WithTags("Health");
        _ = routes
            .MapGet(
                "/readyz",
                async (Readiness readiness, CancellationToken stop) =>
                {
                    ReadyParts parts = await readiness.AskAsync(stop);
                    return TypedResults.Json(parts, statusCode: parts.All ? 200 : 503);
                }
            )
            .Produces<ReadyParts>()
            .Produces<ReadyParts>(503)
            .WithName("getReadiness")
            .WithSummary("Database, bus and store can be reached")
            .WithTags("Health");
    }
}
