using System.Collections.Concurrent;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;
using FaceFusion.Batch.Worker.Consumers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Consumers;

/// <summary>A worker's consumers on a real bus and a real folder store; only the work is the test's.</summary>
internal sealed class WorkerBench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly IHost _host;

    private WorkerBench(string folder, IHost host)
    {
        _folder = folder;
        _host = host;
        Store = new DiskBlobStore(folder);
    }

    public DiskBlobStore Store { get; }
    public Heard Heard => _host.Services.GetRequiredService<Heard>();
    public AttemptRunner Attempts => _host.Services.GetRequiredService<AttemptRunner>();
    public AliveReporter Alive => _host.Services.GetRequiredService<AliveReporter>();
    public string Scratch => Path.Combine(_folder, "scratch");

    /// <param name="work">What is done with a chunk.</param>
    /// <param name="slots">Chunks at once.</param>
    /// <param name="drainSeconds">How long work in hand may go on when the process stops.</param>
    /// <param name="broker">Null: in memory.</param>
    public static async Task<WorkerBench> OpenAsync(
        FuseWork work,
        int slots = 1,
        double drainSeconds = 0,
        RabbitMqOptions? broker = null
    )
    {
        string folder = Directory.CreateTempSubdirectory("ffb-worker-").FullName;
        WorkerOptions options = new()
        {
            WorkerId = "w1",
            Slots = slots,
            HeartbeatSeconds = 0.2,
            ScratchFolder = Path.Combine(folder, "scratch"),
            BlobFolder = Path.Combine(folder, "blobs"),
            ModelsFolder = folder,
        };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder
            .Services.AddSingleton<Heard>()
            .AddSingleton(work)
            .AddSingleton<ScanTargetWork>((_, _, _, _) => throw new InvalidOperationException("No scan here."))
            .AddAttempts(options)
            .AddBus(
                new BusOptions
                {
                    DrainSeconds = drainSeconds,
                    StopSeconds = 10,
                    RabbitMq = broker,
                },
                bus => bus.AddWorkerConsumers(options),
                bus => _ = bus.AddConsumer<HeardConsumer>()
            );
        IHost host = builder.Build();
        await host.StartAsync();
        return new WorkerBench(folder, host);
    }

    /// <summary>An order whose inputs are in the store.</summary>
    public async Task<FuseChunk> OrderAsync(int chunk = 0, int attempt = 1, Guid? jobId = null)
    {
        Guid job = jobId ?? Guid.NewGuid();
        Guid delivery = Guid.NewGuid();
        byte[] photo = [1, 2, 3];
        string sha = Convert.ToHexStringLower(SHA256.HashData(photo));
        foreach (string name in new[] { "in/target", "in/table", "in/scan", "in/sidecar", "in/photo" })
        {
            _ = await Store.PutAsync(BlobName.Parse(name), new MemoryStream(photo), CancellationToken.None);
        }

        return new FuseChunk
        {
            JobId = job,
            ChunkIndex = chunk,
            Attempt = attempt,
            Range = new FrameRange(0, 10),
            Format = new VideoFormat
            {
                Width = 64,
                Height = 48,
                PixelFormat = "yuv420p",
                TimeBase = new Rational(1, 25),
                FrameRate = new Rational(25, 1),
                Demuxer = "mov",
                Codec = "h264",
            },
            Recipe = new Recipe { Processors = [new SwapStep(), new RedactStep()] },
            TargetUrl = Url("in/target"),
            TargetSha256 = sha,
            FrameTableUrl = Url("in/table"),
            ScanUrl = Url("in/scan"),
            Sources = [new SourceIdentity("me", [new SourcePhoto(Url("in/photo"), sha)])],
            Sidecars = [new SidecarRef(new FrameRange(0, 10), Url("in/sidecar"))],
            PipelineKey = "k",
            HeartbeatSeconds = 1,
            SegmentPutUrl = new BlobUrl(Store.GetCreateUrl(BlobNames.Segment(job, chunk, attempt, delivery, false))),
            SidecarPutUrl = new BlobUrl(Store.GetCreateUrl(BlobNames.ChunkSidecar(job, chunk, attempt, delivery))),
            ReportPutUrl = new BlobUrl(Store.GetCreateUrl(BlobNames.ChunkReport(job, chunk, attempt, delivery))),
        };
    }

    public Task SendAsync(object message) => _host.Services.GetRequiredService<IBus>().Publish(message);

    public async Task StopAsync()
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(60));
        await _host.StopAsync(over.Token);
    }

    /// <summary>The three files of a chunk, and the word about them.</summary>
    public static ChunkFused Finish(FuseChunk order, Worker.Pipeline.ChunkFiles files)
    {
        File.WriteAllBytes(files.Segment, [7, 7, 7]);
        File.WriteAllBytes(files.Sidecar, [8]);
        File.WriteAllBytes(files.Report, [9]);
        return new ChunkFused
        {
            JobId = order.JobId,
            ChunkIndex = order.ChunkIndex,
            Attempt = order.Attempt,
            WorkerId = "w1",
            Frames = order.Range.Length,
            SegmentBytes = 3,
            SegmentSha256 = "s",
            HeaderSha256 = "h",
            FramesHash = "f",
            Seconds = 1,
            Analysed = true,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private BlobUrl Url(string name) => new(Store.GetReadUrl(BlobName.Parse(name)));
}

/// <summary>What the worker has said.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<object> _messages = new();

    public void Add(object message) => _messages.Enqueue(message);

    public IReadOnlyList<T> All<T>() => [.. _messages.OfType<T>()];

    public async Task<IReadOnlyList<T>> WaitAsync<T>(int count = 1, Func<T, bool>? where = null)
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(60));
        while (All<T>().Count(m => where?.Invoke(m) ?? true) < count)
        {
            Assert.False(over.IsCancellationRequested, $"Waited for {count} {typeof(T).Name}.");
            await Task.Delay(10);
        }

        return [.. All<T>().Where(m => where?.Invoke(m) ?? true)];
    }
}

internal sealed class HeardConsumer(Heard heard)
    : IConsumer<ChunkProgressed>,
        IConsumer<ChunkFused>,
        IConsumer<ChunkFailed>,
        IConsumer<ScanFailed>,
        IConsumer<WorkerReported>
{
    public Task Consume(ConsumeContext<ChunkProgressed> context) => Add(context.Message);

    public Task Consume(ConsumeContext<ChunkFused> context) => Add(context.Message);

    public Task Consume(ConsumeContext<ChunkFailed> context) => Add(context.Message);

    public Task Consume(ConsumeContext<ScanFailed> context) => Add(context.Message);

    public Task Consume(ConsumeContext<WorkerReported> context) => Add(context.Message);

    private Task Add(object message)
    {
        heard.Add(message);
        return Task.CompletedTask;
    }
}
