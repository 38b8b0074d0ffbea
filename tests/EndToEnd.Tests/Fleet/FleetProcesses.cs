using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.TestKit.Services;
using Npgsql;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>
/// A coordinator and workers, each a process of its own with a work folder of its own, on RabbitMQ, PostgreSQL and Azure Blob Storage,
/// and a client that knows an address and a key. A worker's environment holds the broker and the store's origin, and nothing else.
/// </summary>
internal sealed class FleetProcesses : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<HeardFfb> _processes = [];
    private readonly string _listen = $"127.0.0.1:{FreePort()}";
    private readonly string _name = $"t{Guid.NewGuid():N}";
    private readonly RabbitMqHost _broker;
    private readonly string _postgres;
    private readonly AzureStoreOptions _azure;
    private readonly Dictionary<string, HeardFfb> _workers = [];
    private Dictionary<string, string> _coordinator = [];
    private Dictionary<string, string> _worker = [];

    private FleetProcesses(RabbitMqHost broker, string postgres, string azure)
    {
        _broker = broker;
        _postgres = postgres;
        _azure = new AzureStoreOptions { ConnectionString = azure, Container = _name };
    }

    public Uri Server => new($"http://{_listen}");

    /// <summary>All that any of them has said.</summary>
    public IEnumerable<string> Lines => _processes.SelectMany(process => process.Lines);

    /// <summary>Processes of workers that a scaler has started, by the folder that they work in.</summary>
    public int[] ScaledWorkers => Processes.With("worker", _worker["FFB_WORK"]);

    /// <param name="workers">How many, of one slot each.</param>
    /// <param name="more">Variables for each process.</param>
    public static async Task<FleetProcesses> StartAsync(int workers, params (string Name, string Value)[] more)
    {
        FleetProcesses fleet = new(
            await RealServices.RabbitMqHostAsync(),
            await RealServices.PostgresAsync(),
            await RealServices.AzureStorageAsync()
        );
        await fleet.AskDatabaseAsync($"CREATE DATABASE {fleet._name}");
        Dictionary<string, string> common = new() { ["FFB_RABBITMQ"] = fleet._broker.Address, ["FFB_DRAIN"] = "0" };
        foreach ((string name, string value) in more)
        {
            common[name] = value;
        }

        fleet._coordinator = new(common)
        {
            ["FFB_POSTGRES"] = new NpgsqlConnectionStringBuilder(fleet._postgres) { Database = fleet._name }.ToString(),
            ["FFB_BLOBS"] = fleet._azure.ConnectionString,
            ["FFB_CONTAINER"] = fleet._name,
            ["FFB_LISTEN"] = fleet._listen,
            ["FFB_WORK"] = fleet._folder["coordinator"],
        };
        fleet._processes.Add(new HeardFfb(fleet._coordinator, "coordinator"));
        await fleet._processes[0].UntilAsync("is ready");
        await fleet.MakeKeyAsync("key");
        fleet._worker = new(common)
        {
            ["FFB_BLOB_ORIGIN"] = new AzureBlobStore(fleet._azure, TimeProvider.System).Origin,
            ["FFB_SLOTS"] = "1",
            ["FFB_WORK"] = fleet._folder["workers"],
        };
        for (int i = 0; i < workers; i++)
        {
            fleet.AddWorker($"w{i}");
        }

        foreach (HeardFfb process in fleet._processes)
        {
            await process.UntilAsync("is ready");
        }

        return fleet;
    }

    /// <summary>A scaler of the fleet's workers, with a key that allows no more than it needs; not awaited.</summary>
    public async Task<HeardFfb> StartScaleAsync(params string[] arguments)
    {
        string key = $"scale-key-{_processes.Count}";
        await MakeKeyAsync(key, "--scope", "workers");
        HeardFfb scale = new(
            _worker,
            [
                .. (string[])["scale", "--server", Server.OriginalString, "--key-file", _folder[key]],
                .. arguments,
                .. (string[])["--", "--work", _worker["FFB_WORK"], "--drain", "60"],
            ]
        );
        _processes.Add(scale);
        return scale;
    }

    /// <summary>One worker more.</summary>
    public Task StartWorkerAsync(string name, params (string Name, string Value)[] more)
    {
        AddWorker(name, more);
        return _workers[name].UntilAsync("is ready");
    }

    /// <summary>A worker that was started by its name.</summary>
    public HeardFfb Worker(string name) => _workers[name];

    /// <summary>Runs a command of the client.</summary>
    public Task<FfbResult> AskAsync(params string[] arguments) => Ffb.RunAsync(Client(arguments));

    public string[] Client(params string[] arguments) =>
        [.. arguments, "--server", Server.OriginalString, "--key-file", _folder["key"]];

    public Task<string> KeyAsync() => File.ReadAllTextAsync(_folder["key"]);

    /// <summary>What the workers wrote of a finished job's chunks, in order; of accepted attempts alone.</summary>
    public async Task<IReadOnlyList<ChunkReport>> ReadChunksAsync(string job)
    {
        AzureBlobStore store = new(_azure, TimeProvider.System);
        FfbResult listed = await AskAsync("chunks", "list", job, "--output-format", "json");
        Dictionary<int, int> accepted = listed
            .Json.GetProperty("chunks")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("index").GetInt32(), c => c.GetProperty("attempt").GetInt32());
        List<ChunkReport> reports = [];
        var id = Guid.ParseExact(job[(job.IndexOf('_', StringComparison.Ordinal) + 1)..], "N");
        await foreach (BlobName name in store.ListAsync(BlobNames.ChunksFolder(id), CancellationToken.None))
        {
            if (name.Value.EndsWith(".json", StringComparison.Ordinal))
            {
                await using Stream content = await store.OpenReadAsync(name, CancellationToken.None);
                ChunkReport report = (await JsonSerializer.DeserializeAsync<ChunkReport>(content, ReportJson.Options))!;
                if (name.Value.Contains($"/a{accepted[report.ChunkIndex]:D3}-", StringComparison.Ordinal))
                {
                    reports.Add(report);
                }
            }
        }

        return [.. reports.OrderBy(r => r.Range.Start)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HeardFfb process in Enumerable.Reverse(_processes).Where(process => !process.HasEnded))
        {
            process.Signal("TERM");
        }

        foreach (HeardFfb process in _processes)
        {
            _ = await process.EndAsync();
            process.Dispose();
        }

        await _broker.DisposeAsync();
        await AskDatabaseAsync($"DROP DATABASE {_name} WITH (FORCE)");
        _folder.Dispose();
    }

    private void AddWorker(string name, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> worker = new(_worker) { ["FFB_WORKER_NAME"] = name };
        foreach ((string variable, string value) in more)
        {
            worker[variable] = value;
        }

        _workers[name] = new HeardFfb(worker, "worker");
        _processes.Add(_workers[name]);
    }

    private async Task MakeKeyAsync(string file, params string[] more)
    {
        FfbResult key = await Ffb.RunAsync(_coordinator, ["keys", "create", "--output", _folder[file], .. more]);
        Assert.True(key.Exit == 0, key.Error);
    }

    private async Task AskDatabaseAsync(string sql)
    {
        await using NpgsqlConnection connection = new(_postgres);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
