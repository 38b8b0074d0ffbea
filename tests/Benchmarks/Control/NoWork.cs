using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Benchmarks.Control;

/// <summary>Says that a worker with many slots is alive.</summary>
internal sealed class NoWork(IBus bus) : BackgroundService
{
    public const int Slots = 64;
    public const int Frames = 240;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(2));
        do
        {
            await bus.Publish(new WorkerReported("none", Slots, Slots), stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

/// <summary>Takes orders as a worker does, stores a segment of one byte, and says that it is done.</summary>
internal sealed class NoWorkConsumer : IConsumer<FuseChunk>
{
    public async Task Consume(ConsumeContext<FuseChunk> context)
    {
        FuseChunk order = context.Message;
        string path = new Uri(order.SegmentPutUrl.Value ?? "").LocalPath;
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        await File.WriteAllBytesAsync(path, [1], context.CancellationToken);
        await context.Publish(
            new ChunkFused
            {
                JobId = order.JobId,
                ChunkIndex = order.ChunkIndex,
                Attempt = order.Attempt,
                WorkerId = "none",
                Frames = order.Range.Length,
                SegmentBytes = 1,
                SegmentSha256 = new string('0', 64),
                HeaderSha256 = "h",
                FramesHash = "f",
                Seconds = 0,
                Analysed = true,
            },
            context.CancellationToken
        );
    }
}
