using System.Collections.Concurrent;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestKit.Services;
using FaceFusion.Batch.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>
/// A Coordinator and a Worker in hosts of their own, with no folder in common, on RabbitMQ, PostgreSQL and Azure Blob Storage.
/// The Worker is told the broker and the store's origin, and no key and no database.
/// </summary>
internal sealed class RealFleet : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<IHost> _hosts = [];
    private readonly RabbitMqHost _broker;
    private readonly string _postgres;
    private readonly string _database = $"t{Guid.NewGuid():N}";

    private RealFleet(RabbitMqHost broker, string postgres)
    {
        _broker = broker;
        _postgres = postgres;
    }

    public Jobs Jobs => _hosts[0].Services.GetRequiredService<Jobs>();

    /// <summary>Everything that any of them has logged.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public static async Task<RealFleet> StartAsync(int workers)
    {
        RealFleet fleet = new(await RealServices.RabbitMqHostAsync(), await RealServices.PostgresAsync());
        await fleet.AskDatabaseAsync($"CREATE DATABASE {fleet._database}");
        AzureStoreOptions azure = new()
        {
            ConnectionString = await RealServices.AzureStorageAsync(),
            Container = fleet._database,
        };
        await fleet.AddAsync(services =>
            services
                .AddCoordinator(
                    new CoordinatorOptions
                    {
                        WorkFolder = fleet._folder["coordinator"],
                        Postgres = new PostgresOptions { ConnectionString = fleet.ConnectionString },
                        Azure = azure,
                        IsEmbedded = false,
                        SweepSeconds = 0.5,
                    },
                    MediaTools.Locate()
                )
                .AddBus(fleet.Bus, bus => bus.AddCoordinatorConsumers())
        );
        string origin = new AzureBlobStore(azure, TimeProvider.System).Origin;
        for (int i = 0; i < workers; i++)
        {
            WorkerOptions worker = new()
            {
                WorkerId = $"w{i}",
                ScratchFolder = fleet._folder[$"worker{i}"],
                BlobOrigins = [origin],
                ModelsFolder = Path.Combine(Footage.SolutionFolder(), "models"),
            };
            await fleet.AddAsync(services =>
                services.AddWorker(worker).AddBus(fleet.Bus, bus => bus.AddWorkerConsumers(worker))
            );
        }

        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await _broker.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await AskDatabaseAsync($"DROP DATABASE {_database} WITH (FORCE)");
        _folder.Dispose();
    }

    private string ConnectionString => new NpgsqlConnectionStringBuilder(_postgres) { Database = _database }.ToString();

    private BusOptions Bus => new() { RabbitMq = RabbitMqOptions.Parse(_broker.Address) };

    private Task AddAsync(Action<IServiceCollection> add)
    {
        // The bus keeps its logger in the caller's execution context, where the next host would find it.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(async () =>
            {
                HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
                    new HostApplicationBuilderSettings()
                );
                _ = builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new LinesProvider(Lines));
                add(builder.Services);
                IHost host = builder.Build();
                _hosts.Add(host);
                await host.StartAsync();
            });
        }
    }

    private async Task AskDatabaseAsync(string sql)
    {
        await using NpgsqlConnection connection = new(_postgres);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }

    private sealed class LinesProvider(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue(formatter(state, exception) + exception);
    }
}
