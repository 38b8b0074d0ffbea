using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>
/// A whole Coordinator on real parts (SQLite file or PostgreSQL, folder store, in-memory bus) with a clock that stands still and a recorder in
/// place of workers, so that a test says every word that is said. Its own loops run, but their timers never fire by themselves.
/// </summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PostgresDatabase? _database;

    private Desk(IHost host, ManualTimeProvider clock, PostgresDatabase? database)
    {
        _host = host;
        _database = database;
        Clock = clock;
    }

    /// <summary>The kinds of database.</summary>
    public static TheoryData<string> Databases => ["sqlite", "postgres"];

    public static Lazy<MediaTools> Tools { get; } = new(() => MediaTools.Locate());

    public ManualTimeProvider Clock { get; }
    public Recorder Recorder => Get<Recorder>();
    public FusionStage Fusion => Get<FusionStage>();

    public Task FusedAsync(params ChunkFused[] words) => Get<CommitStage>().FusedAsync(words, CancellationToken.None);

    public Dispatcher Dispatcher => Get<Dispatcher>();
    public Sweeper Sweeper => Get<Sweeper>();
    public Coordinator.Submitting.Jobs Jobs => Get<Coordinator.Submitting.Jobs>();
    public IBlobStore Store => Get<IBlobStore>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static Task<Desk> OpenAsync(
        TemporaryFolder folder,
        Func<CoordinatorOptions, CoordinatorOptions>? change = null
    ) => OpenAsync("sqlite", folder, change);

    /// <param name="kind">One of <see cref="Databases"/>.</param>
    /// <param name="folder">Holds the work folder.</param>
    /// <param name="change">Options other than the usual ones.</param>
    /// <param name="add">Services beside the usual ones.</param>
    public static async Task<Desk> OpenAsync(
        string kind,
        TemporaryFolder folder,
        Func<CoordinatorOptions, CoordinatorOptions>? change = null,
        Action<IServiceCollection>? add = null
    )
    {
        PostgresDatabase? database = kind == "postgres" ? await PostgresDatabase.MakeAsync() : null;
        ManualTimeProvider clock = new();
        CoordinatorOptions options = new()
        {
            WorkFolder = folder.PathOf("work"),
            HeartbeatSeconds = 5,
            Postgres = database?.Options,
        };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _ = builder
            .Services.AddSingleton<TimeProvider>(clock)
            .AddSingleton<Recorder>()
            .AddCoordinator(change?.Invoke(options) ?? options, Tools.Value)
            .AddBus(
                new BusOptions { DrainSeconds = 0 },
                bus => bus.AddCoordinatorConsumers(),
                bus => _ = bus.AddConsumer<RecorderConsumer>()
            );
        add?.Invoke(builder.Services);
        IHost host = builder.Build();
        await host.StartAsync();
        return new Desk(host, clock, database);
    }

    /// <summary>A job that stands at fusing, with chunks of ten frames.</summary>
    public async Task<Guid> AddFusingJobAsync(int chunks, int priority = 0)
    {
        JobRow job = new()
        {
            Id = Guid.NewGuid(),
            State = JobState.Fusing,
            Attempt = 3,
            Priority = priority,
            CreatedAt = Clock.GetUtcNow(),
            TargetLabel = "clip.mp4",
            TargetSha256 = new string('a', 64),
            Recipe = new Recipe { Processors = [new DebugStep()] },
            Sources = [],
            Format = Format,
            FrameCount = chunks * 10,
            FrameTableBlob = "jobs/x/table",
            ScanBlob = "jobs/x/scan",
            SheetBlob = "jobs/x/sheet",
            AnalysisKey = new string('b', 64),
            PipelineKey = "key",
        };
        await using JobsDbContext context = await NewContextAsync();
        _ = context.Jobs.Add(job);
        context.Chunks.AddRange(
            Enumerable
                .Range(0, chunks)
                .Select(i => new ChunkRow
                {
                    JobId = job.Id,
                    Index = i,
                    Start = i * 10,
                    End = (i * 10) + 10,
                    Cost = 10 + i,
                })
        );
        _ = await context.SaveChangesAsync();
        return job.Id;
    }

    public static VideoFormat Format { get; } =
        new()
        {
            Width = 64,
            Height = 48,
            PixelFormat = "yuv420p",
            TimeBase = new Rational(1, 25),
            FrameRate = new Rational(25, 1),
            Demuxer = "mov",
            Codec = "h264",
        };

    /// <summary>A worker says that it is alive.</summary>
    public Task HelloAsync(int slots = 1, int busy = 0, string worker = "w1") =>
        Get<LiveWorkers>().ReportAsync(new WorkerReported(worker, slots, busy), CancellationToken.None);

    /// <summary>Stores the three blobs of the chunk's newest attempt, and makes the word about them.</summary>
    public async Task<ChunkFused> StoreAsync(Guid jobId, int chunk, string header = "h", string worker = "w1")
    {
        JobRow job = await JobAsync(jobId);
        ChunkRow row = await ChunkAsync(jobId, chunk);
        byte[] bytes = [.. Enumerable.Range(0, 50 + chunk).Select(i => (byte)i)];
        foreach (
            BlobName name in new[] { ChunkBlobs.Segment(job, row), ChunkBlobs.Sidecar(row), ChunkBlobs.Report(row) }
        )
        {
            _ = await Store.PutAsync(name, new MemoryStream(bytes), CancellationToken.None);
        }

        return new ChunkFused
        {
            JobId = jobId,
            ChunkIndex = chunk,
            Attempt = row.Attempt,
            WorkerId = worker,
            Frames = 10,
            SegmentBytes = bytes.Length,
            SegmentSha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            HeaderSha256 = header,
            FramesHash = "f",
            Seconds = 1,
            Analysed = true,
        };
    }

    public async Task<JobRow> JobAsync(Guid jobId)
    {
        await using JobsDbContext context = await NewContextAsync();
        return await context.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
    }

    public async Task<ChunkRow> ChunkAsync(Guid jobId, int chunk)
    {
        await using JobsDbContext context = await NewContextAsync();
        return await context.Chunks.AsNoTracking().SingleAsync(c => c.JobId == jobId && c.Index == chunk);
    }

    public Task<JobsDbContext> NewContextAsync() => Get<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
