using System.Collections.Concurrent;
using System.Net;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Cli.Tests.Support;

/// <summary>
/// A coordinator with its HTTP API, asked over real connections through the program's own command line. It has no workers, so that
/// a job stays where it is until a test moves it.
/// </summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-cli-");
    private WebApplication? _app;
    private string _url = "http://127.0.0.1:0";

    /// <summary>Method and path of every request so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers instead of the API where it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    public string Server => _url;

    public string WorkFolder => PathOf("work");

    public int BlockBytes { get; init; } = 8 << 20;

    public static async Task<TestFleet> StartAsync(int blockBytes = 8 << 20)
    {
        TestFleet fleet = new() { BlockBytes = blockBytes };
        await fleet.StartAgainAsync();
        return fleet;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>At the same address, with the same work folder.</summary>
    public async Task StartAgainAsync()
    {
        WebApplicationBuilder builder = CoordinatorApi.CreateBuilder(
            new ApiOptions
            {
                Url = _url,
                BlockBytes = BlockBytes,
                WebhookNetworks = [IPNetwork.Parse("127.0.0.0/8")],
            }
        );
        _ = builder
            .Services.AddCoordinator(
                new CoordinatorOptions { WorkFolder = WorkFolder, ResumeAll = true },
                MediaTools.Locate()
            )
            .AddBus(new BusOptions { DrainSeconds = 0 }, bus => bus.AddCoordinatorConsumers());
        _app = builder.Build();
        _ = _app.Use(
            async (http, next) =>
            {
                Requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
                if (Intercept is not { } intercept || !await intercept(http))
                {
                    await next();
                }
            }
        );
        _app.MapApi();
        // The bus keeps its logger in the caller's execution context, where the next host would find it.
        Task starting;
        using (ExecutionContext.SuppressFlow())
        {
            starting = Task.Run(() => _app.StartAsync());
        }

        await starting;
        _url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>A file with a new key.</summary>
    public async Task<string> KeyFileAsync(string tenant = "acme", params string[] scopes)
    {
        string[] all = scopes.Length > 0 ? scopes : [ApiScope.Admin];
        MadeKey key = await Get<ApiKeys>().CreateAsync(tenant, "test", all, null, CancellationToken.None);
        string file = PathOf($"key-{key.Id:N}");
        await File.WriteAllTextAsync(file, key.Text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    /// <summary>The command line with this fleet's address and the key.</summary>
    public Task<Run> RunAsync(string keyFile, params string[] arguments) =>
        Run.Async([.. arguments, "--server", Server, "--key-file", keyFile]);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }
}
