using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Cli.Tests.Support;

/// <summary>A web server that answers as it is told, for what a real coordinator does only in bad hours.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>Value of the header field Authorization of each request.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    public Uri Address =>
        new(
            _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
                + "/"
        );

    /// <param name="answer">Is given the request and which one it is, from 0.</param>
    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        ScriptedServer server = new(app);
        app.Run(async http =>
        {
            server.Seen.Enqueue(http.Request.Headers.Authorization.ToString());
            await answer(http, server.Seen.Count - 1);
        });
        await app.StartAsync();
        return server;
    }

    public static Task ProblemAsync(HttpContext http, int status, string code, string detail)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        return http.Response.WriteAsync(
            $$"""{"type":"/problems/{{code}}","title":"T","status":{{status}},"code":"X","detail":"{{detail}}","retryable":true,"traceId":"t"}"""
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
