using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.Webhooks;
using FaceFusion.Batch.Hosting.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Health;

internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        _ = routes
            .MapGet(
                "/metrics",
                async (WorkOwed owed, DeliveryMeter deliveries, PrometheusPage page, CancellationToken stop) =>
                {
                    await owed.RefreshAsync(stop);
                    await deliveries.RefreshAsync(stop);
                    return TypedResults.Text(page.Write(), PrometheusPage.ContentType);
                }
            )
            .Produces<string>(contentType: "text/plain")
            .WithName("getMetrics")
            .WithSummary("Counts of work done and owed, for Prometheus")
            .WithTags("Health");
}
