using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Net;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Batches;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Events;
using FaceFusion.Batch.Coordinator.Api.Health;
using FaceFusion.Batch.Coordinator.Api.Idempotency;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Models;
using FaceFusion.Batch.Coordinator.Api.Outputs;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Sources;
using FaceFusion.Batch.Coordinator.Api.Uploads;
using FaceFusion.Batch.Coordinator.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api.Workers;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.Webhooks;
using FaceFusion.Batch.Hosting.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Coordinator.Api;

/// <summary>
/// Puts the HTTP API into a process that holds a Coordinator:
/// <see cref="CreateBuilder"/>, then the Coordinator and its bus, then <see cref="MapApi"/> on what was built.
/// </summary>
public static class CoordinatorApi
{
    /// <summary>JSON bodies, in bytes.</summary>
    private const long MaxBodyBytes = 1 << 20;

    /// <summary>A web application with nothing in it but the API's web server and services; it reads no file and no environment.</summary>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public static WebApplicationBuilder CreateBuilder(ApiOptions options)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(Limit);
        _ = builder.Services.AddRoutingCore();
        ApiDescription.Add(builder.Services);
        _ = builder
            .Services.AddSingleton(options)
            .AddSingleton<ApiKeys>()
            .AddSingleton<Readiness>()
            .AddSingleton<WorkOwed>()
            .AddSingleton(services => new PrometheusPage([
                services.GetRequiredService<CommitMeter>().Meter,
                services.GetRequiredService<BusMeter>().Meter,
            ]))
            .AddSingleton<Repeats>()
            .AddSingleton<BlockIntake>()
            .AddSingleton<UploadDesk>()
            .AddSingleton<SourceDesk>()
            .AddSingleton<JobIntake>()
            .AddSingleton<JobShelf>()
            .AddSingleton<AttemptShelf>()
            .AddSingleton<JobControl>()
            .AddSingleton<BatchIntake>()
            .AddSingleton<BatchShelf>()
            .AddSingleton<BatchControl>()
            .AddSingleton<OutputShelf>()
            .AddSingleton<EventShelf>()
            .AddSingleton<EventStream>()
            .AddSingleton<OpenStreams>()
            .AddSingleton<WorkerShelf>()
            .AddSingleton(new WebhookReach(options.WebhookNetworks))
            .AddSingleton<HostLookup>(Dns.GetHostAddressesAsync)
            .AddSingleton<WebhookClient>()
            .AddSingleton<DeliveryLedger>()
            .AddSingleton<DeliveryRetention>()
            .AddSingleton<DeliveryMeter>()
            .AddSingleton<WebhookDesk>()
            .AddSingleton<DeliveryShelf>()
            .AddHostedService<DeliveryLoop>()
            .Configure<JsonOptions>(json =>
            {
                json.SerializerOptions.PropertyNameCaseInsensitive = false;
                json.SerializerOptions.NumberHandling = ApiJson.Answers.NumberHandling;
                json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Answers.DefaultIgnoreCondition;
                json.SerializerOptions.Converters.Add(ApiJson.Answers.Converters[0]);
            });
        return builder;
    }

    /// <summary>Everything that is answered, and what every request passes through.</summary>
    public static void MapApi(this WebApplication app)
    {
        // From now on, not from the first request on, it counts.
        _ = app.Services.GetRequiredService<PrometheusPage>();
        _ = app.UseMiddleware<ProblemAnswers>();
        _ = app.UseRouting();
        _ = app.Use(NameSpanAsync);
        _ = app.UseMiddleware<AccessCheck>();
        HealthEndpoints.Map(app);
        ApiDescription.Map(app);
        MetricsEndpoint.Map(app);
        RouteGroupBuilder v1 = app.MapGroup("/v1");
        UploadEndpoints.Map(v1);
        SourceEndpoints.Map(v1);
        JobEndpoints.Map(v1);
        BatchEndpoints.Map(v1);
        WorkerEndpoints.Map(v1);
        ScalingEndpoint.Map(v1);
        ModelEndpoints.Map(v1);
        WebhookEndpoints.Map(v1);
    }

    /// <summary>A span is called after the route, not after the ids in the path.</summary>
    private static Task NameSpanAsync(HttpContext http, RequestDelegate next)
    {
        if (Activity.Current is { } span && http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{http.Request.Method} {route.TrimEnd('/')}";
        }

        return next(http);
    }

    private static void Limit(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = MaxBodyBytes;
        server.Limits.MaxRequestLineSize = 8 << 10;
        server.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        server.Limits.MaxConcurrentConnections = 10_000;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        // Who sends slower than this for longer than the grace holds a connection for nothing.
        server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 500, TimeSpan.FromSeconds(10));
    }
}
