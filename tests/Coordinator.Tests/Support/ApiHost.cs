using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.TestKit;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A Coordinator with its HTTP API on a port of its own, asked over real connections as two tenants.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PostgresDatabase? _database;
    private readonly List<HttpClient> _clients = [];
    private readonly CancellationTokenSource _over = new();
    private Task _alive = Task.CompletedTask;

    private ApiHost(WebApplication app, PostgresDatabase? database)
    {
        _app = app;
        _database = database;
    }

    public Uri Address => new(Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Counts the statements that are sent to the database.</summary>
    public Statements Statements => Get<Statements>();

    /// <summary>Asks as tenant "acme", with every scope.</summary>
    public HttpClient Acme { get; private set; } = null!;

    /// <summary>Asks as tenant "other", with every scope.</summary>
    public HttpClient Other { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="folder">Holds the work folder.</param>
    /// <param name="kind">One of <see cref="Desk.Databases"/>.</param>
    /// <param name="clock">Null: the real one.</param>
    /// <param name="change">Options of the API other than the usual ones.</param>
    /// <param name="coordinator">Options of the Coordinator other than the usual ones.</param>
    /// <param name="press">A worker's work; null: nobody works.</param>
    /// <param name="log">Hears what the product logs, and of the libraries what the product lets them.</param>
    /// <param name="add">Services beside the usual ones, or in place of them.</param>
    public static async Task<ApiHost> OpenAsync(
        TemporaryFolder folder,
        string kind = "sqlite",
        ManualTimeProvider? clock = null,
        Func<ApiOptions, ApiOptions>? change = null,
        Func<CoordinatorOptions, CoordinatorOptions>? coordinator = null,
        SegmentPress? press = null,
        HeardLines? log = null,
        Action<IServiceCollection>? add = null
    )
    {
        PostgresDatabase? database = kind == "postgres" ? await PostgresDatabase.MakeAsync() : null;
        ApiOptions options = new() { Url = "http://127.0.0.1:0" };
        CoordinatorOptions usual = new()
        {
            WorkFolder = folder.PathOf("work"),
            Postgres = database?.Options,
            ResumeAll = true,
        };
        WebApplicationBuilder builder = CoordinatorApi.CreateBuilder(change?.Invoke(options) ?? options);
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        Statements statements = new();
        _ = builder
            .Services.AddSingleton<TimeProvider>(clock ?? TimeProvider.System)
            .AddSingleton(statements)
            .AddSingleton<ILoggerProvider>(statements)
            .AddSingleton<Recorder>()
            .AddSingleton(press ?? new SegmentPress())
            .AddSingleton(new Mischief(0))
            .AddCoordinator(coordinator?.Invoke(usual) ?? usual, Desk.Tools.Value)
            .AddBus(
                new BusOptions { DrainSeconds = 0 },
                bus => bus.AddCoordinatorConsumers(),
                bus =>
                    _ = press is null
                        ? (IConsumerRegistrationConfigurator)bus.AddConsumer<RecorderConsumer>()
                        : bus.AddConsumer<UnreliableWorker>()
            );
        // Debug: a statement that is not told of before it runs is not told of behind it either, for a second.
        _ = builder.Logging.AddFilter<Statements>("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Debug);
        if (log is not null)
        {
            _ = builder
                .Logging.AddProvider(log)
                .AddFilter<HeardLines>(null, LogLevel.Trace)
                .AddFilter<HeardLines>("Microsoft", LogLevel.Warning)
                .AddFilter<HeardLines>("MassTransit", LogLevel.Warning);
        }

        add?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapApi();
        await app.StartAsync();
        ApiHost host = new(app, database);
        host.Acme = await host.ClientAsync("acme", ApiScope.Admin);
        host.Other = await host.ClientAsync("other", ApiScope.Admin);
        if (press is not null)
        {
            host._alive = host.StayAliveAsync();
        }

        return host;
    }

    /// <summary>A client with a new key.</summary>
    public async Task<HttpClient> ClientAsync(string tenant, params string[] scopes)
    {
        MadeKey key = await Get<ApiKeys>().CreateAsync(tenant, "test", scopes, null, CancellationToken.None);
        return Client(key.Text);
    }

    /// <summary>A client with that key; null: none.</summary>
    public HttpClient Client(string? key)
    {
        HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        _clients.Add(client);
        return client;
    }

    public Task<JobsDbContext> NewContextAsync() => Get<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _alive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        foreach (HttpClient client in _clients)
        {
            client.Dispose();
        }

        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private async Task StayAliveAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await Get<LiveWorkers>().ReportAsync(new WorkerReported(UnreliableWorker.WorkerId, 2, 0), _over.Token);
            await Task.Delay(200, _over.Token);
        }
    }
}

internal static class ApiAnswers
{
    /// <summary>The body, read as strictly as a client may not: an unknown field in an answer is a mistake of ours.</summary>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Requests))!;

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());

    /// <summary>The status and the problem's code.</summary>
    public static async Task<(int Status, string Code)> ProblemAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await answer.JsonAsync();
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        return ((int)answer.StatusCode, problem.GetProperty("code").GetString()!);
    }
}
