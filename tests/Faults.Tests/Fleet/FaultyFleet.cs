using System.Diagnostics;
using System.Globalization;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faults.Tests.Hosts;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestKit.Services;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>
/// A Coordinator and two Workers (<c>w1</c> is <c>ffb worker</c>) as processes of their own, on RabbitMQ, PostgreSQL and Azure Blob Storage behind lines that can
/// be broken. The tests themselves go to the database and the store directly.
/// </summary>
internal sealed class FaultyFleet : IAsyncDisposable
{
    private readonly string _name = $"t{Guid.NewGuid():N}";
    private readonly string _postgres;
    private readonly RabbitMqHost _host;
    private readonly ServiceProvider _services;

    private FaultyFleet(string folder, RabbitMqHost host, string postgres, string azure)
    {
        Folder = folder;
        _host = host;
        _postgres = postgres;
        Uri broker = new(host.Address);
        Broker = new FaultyLine(broker.Host, broker.Port);
        NpgsqlConnectionStringBuilder database = new(postgres) { Database = _name };
        Database = new FaultyLine(database.Host!, database.Port);
        Uri store = new(AccountOf(azure));
        Store = new FaultyLine(store.Host, store.Port);
        HostSettings direct = new()
        {
            Name = "tests",
            RabbitMq = host.Address,
            Postgres = database.ToString(),
            Azure = azure,
            Container = _name,
            BlobOrigin = "",
            Folder = Path.Combine(folder, "tests"),
            Models = Path.Combine(Footage.SolutionFolder(), "models"),
        };
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddCoordinator(FleetHost.CoordinatorOptions(direct), MediaTools.Locate())
            .BuildServiceProvider();
        database.Port = Database.Port;
        HostSettings over = direct with
        {
            RabbitMq = new UriBuilder(broker) { Port = Broker.Port }
                .Uri
                .AbsoluteUri,
            Postgres = database.ToString(),
            Azure = azure.Replace($":{store.Port}/", $":{Store.Port}/", StringComparison.Ordinal),
            BlobOrigin = $"http://{store.Host}:{Store.Port}",
        };
        Coordinator = MakeFaulty(over, "coordinator", "coordinator");
        Workers = [MakeFaulty(over, "worker", "w0"), MakeWorker(over, "w1")];
        Scratches = [.. Workers.Select((_, i) => new SmallDisk(Path.Combine(folder, $"w{i}")))];
    }

    public string Folder { get; }

    public FaultyLine Broker { get; }

    public FaultyLine Database { get; }

    public FaultyLine Store { get; }

    public FleetProcess Coordinator { get; }

    public FleetProcess[] Workers { get; }

    /// <summary>Where the workers write, one each.</summary>
    public SmallDisk[] Scratches { get; }

    public IEnumerable<FleetProcess> Processes => [Coordinator, .. Workers];

    public IBlobStore Blobs => _services.GetRequiredService<IBlobStore>();

    public JobBook Book => _services.GetRequiredService<JobBook>();

    public Intake Intake => _services.GetRequiredService<Intake>();

    public JobLedger Ledger => _services.GetRequiredService<JobLedger>();

    public IDbContextFactory<JobsDbContext> Contexts =>
        _services.GetRequiredService<IDbContextFactory<JobsDbContext>>();

    public static async Task<FaultyFleet> StartAsync(string folder)
    {
        string postgres = await RealServices.PostgresAsync();
        FaultyFleet fleet = new(
            folder,
            await RealServices.RabbitMqHostAsync(),
            postgres,
            await RealServices.AzureStorageAsync()
        );
        await AskAsync(postgres, $"CREATE DATABASE {fleet._name}");
        await fleet.Coordinator.StartAsync();
        await Task.WhenAll(fleet.Workers.Select(w => w.StartAsync()));
        return fleet;
    }

    public FleetProcess Find(string name) =>
        name == "coordinator" ? Coordinator : Workers[int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture)];

    /// <summary>Nothing is armed or broken any more.</summary>
    public void Mend()
    {
        foreach (FaultyLine line in (FaultyLine[])[Broker, Database, Store])
        {
            line.Mend();
        }

        foreach (FleetProcess process in Processes)
        {
            process.Thaw();
            process.Tell("clear");
        }

        foreach (SmallDisk disk in Scratches)
        {
            disk.Empty();
        }
    }

    /// <summary>Messages that a consumer has thrown at, and that the broker has given up on, by queue.</summary>
    public async Task<IReadOnlyDictionary<string, int>> UnhandledAsync() =>
        (await _host.QueuesAsync())
            .Where(q => q.TryGetProperty("messages", out _))
            .Select(q => (Name: q.GetProperty("name").GetString() ?? "", Count: q.GetProperty("messages").GetInt32()))
            .Where(q =>
                q.Count > 0 && (q.Name.EndsWith("_error", StringComparison.Ordinal) || q.Name == "dead-letters")
            )
            .ToDictionary(q => q.Name, q => q.Count);

    /// <summary>Everything that any of the processes has said.</summary>
    public string[] Words() => [.. Directory.EnumerateFiles(Folder, "*.log").SelectMany(File.ReadLines)];

    public async ValueTask DisposeAsync()
    {
        foreach (FleetProcess process in Processes)
        {
            await process.DisposeAsync();
        }

        await _services.DisposeAsync();
        Broker.Dispose();
        Database.Dispose();
        Store.Dispose();
        foreach (SmallDisk disk in Scratches)
        {
            disk.Dispose();
        }

        await _host.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await AskAsync(_postgres, $"DROP DATABASE {_name} WITH (FORCE)");
    }

    /// <summary>A process that has a <see cref="FaultSwitch"/>.</summary>
    private FleetProcess MakeFaulty(HostSettings settings, string role, string name) =>
        new(
            life =>
            {
                ProcessStartInfo start = new("dotnet", [typeof(FaultyFleet).Assembly.Location, role]);
                start.Environment[HostSettings.Variable] = (
                    settings with
                    {
                        Name = $"{name}-{life}",
                        Folder = Path.Combine(Folder, name),
                    }
                ).Write();
                return start;
            },
            Path.Combine(Folder, $"{name}.log")
        );

    /// <summary>The product's own <c>ffb worker</c>.</summary>
    private FleetProcess MakeWorker(HostSettings settings, string name) =>
        new(
            life =>
            {
                string program = Path.Combine(AppContext.BaseDirectory, "FaceFusion.Batch.Cli.dll");
                ProcessStartInfo start = new("dotnet", [program, "worker", "--slots", "1", "--heartbeat", "1"]);
                start.Environment["FFB_RABBITMQ"] = settings.RabbitMq;
                start.Environment["FFB_BLOB_ORIGIN"] = settings.BlobOrigin;
                start.Environment["FFB_WORKER_NAME"] = $"{name}-{life}";
                start.Environment["FFB_WORK"] = Path.Combine(Folder, name);
                return start;
            },
            Path.Combine(Folder, $"{name}.log")
        );

    private static string AccountOf(string azure) =>
        azure.Split(';').Single(p => p.StartsWith("BlobEndpoint=", StringComparison.Ordinal))["BlobEndpoint=".Length..];

    private static async Task AskAsync(string postgres, string sql)
    {
        await using NpgsqlConnection connection = new(postgres);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
