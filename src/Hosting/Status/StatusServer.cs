using FaceFusion.Batch.Hosting.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Hosting.Status;

/// <summary>What a process says of itself.</summary>
/// <param name="Url">Where, such as <c>http://127.0.0.1:9100</c>.</param>
/// <param name="Ready">Each part that it needs to do its work, by name, and whether it is there.</param>
public sealed record StatusOptions(string Url, Func<IServiceProvider, IReadOnlyDictionary<string, bool>> Ready);

/// <summary>
/// <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> of a process that serves nothing else; without a key and without a word about
/// any tenant.
/// </summary>
public sealed class StatusServer(StatusOptions options, PrometheusPage page, IServiceProvider services) : IHostedService
{
    private WebApplication? _app;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder
            .WebHost.UseKestrelCore()
            .UseUrls(options.Url)
            .ConfigureKestrel(server =>
            {
                server.AddServerHeader = false;
                server.Limits.MaxRequestBodySize = 0;
                server.Limits.MaxConcurrentConnections = 100;
            });
        _ = builder.Services.AddRoutingCore();
        _app = builder.Build();
        _ = _app.MapGet("/healthz", () => TypedResults.Text("alive"));
        _ = _app.MapGet("/readyz", Ready);
        _ = _app.MapGet("/metrics", () => TypedResults.Text(page.Write(), PrometheusPage.ContentType));
        return _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is { } app)
        {
            await app.StopAsync(cancellationToken);
            await app.DisposeAsync();
        }
    }

    private JsonHttpResult<IReadOnlyDictionary<string, bool>> Ready()
    {
        IReadOnlyDictionary<string, bool> parts = options.Ready(services);
        return TypedResults.Json(parts, statusCode: parts.Values.All(isThere => isThere) ? 200 : 503);
    }
}
