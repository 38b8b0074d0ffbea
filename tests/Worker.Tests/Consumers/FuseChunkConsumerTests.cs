using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Consumers;

public sealed class FuseChunkConsumerTests
{
    [Fact]
    public async Task Consume_AnOrder_StoresThreeFilesAndSaysSo()
    {
        FuseChunk? seen = null;
        string[] inputs = [];
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, _) =>
            {
                seen = order;
                inputs =
                [
                    files.Target,
                    files.FrameTable,
                    files.Scan,
                    files.Sidecars[0].Path,
                    files.Sources[0].Paths[0],
                ];
                return WorkerBench.Finish(order, files);
            }
        );
        FuseChunk sent = await bench.OrderAsync();

        await bench.SendAsync(sent);

        ChunkFused fused = (await bench.Heard.WaitAsync<ChunkFused>())[0];
        Assert.Equal((sent.JobId, 1, 10), (fused.JobId, fused.Attempt, fused.Frames));
        Assert.Equal(["swap", "redact"], seen!.Recipe.Processors.Select(p => p is SwapStep ? "swap" : "redact"));
        Assert.All(inputs, path => Assert.StartsWith(bench.Store.BlobFolder, path, StringComparison.Ordinal));
        foreach (
            (BlobUrl url, int first) in new[]
            {
                (sent.SegmentPutUrl, 7),
                (sent.SidecarPutUrl, 8),
                (sent.ReportPutUrl, 9),
            }
        )
        {
            Assert.Equal(first, (await File.ReadAllBytesAsync(new Uri(url.Value).LocalPath))[0]);
        }

        Assert.Equal(0, (await bench.Heard.WaitAsync<ChunkProgressed>())[0].FramesDone);
        Assert.Empty(Directory.GetFileSystemEntries(bench.Scratch));
    }

    [Fact]
    public async Task Consume_WorkThatThrows_SaysWhyAndTakesTheNextOrder()
    {
        Queue<Exception> faults = new([
            new MediaToolException("decode-failed", "It broke.", isTransient: true),
            new InvalidOperationException("A bug."),
        ]);
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, _) =>
                faults.TryDequeue(out Exception? fault) ? throw fault : WorkerBench.Finish(order, files)
        );

        for (int chunk = 0; chunk < 3; chunk++)
        {
            await bench.SendAsync(await bench.OrderAsync(chunk));
            _ = await bench.Heard.WaitAsync<object>(chunk + 1, m => m is ChunkFailed or ChunkFused);
        }

        IReadOnlyList<ChunkFailed> failed = bench.Heard.All<ChunkFailed>();
        Assert.Equal(["decode-failed", "unexpected"], failed.Select(f => f.Failure.Code));
        Assert.Equal(FailureKind.MediaToolFault, failed[0].Failure.Kind);
        Assert.Equal(2, bench.Heard.All<ChunkFused>()[0].ChunkIndex);
    }

    [Fact]
    public async Task Consume_TheSameOrderTwice_WorksOnceAtATimeAndStoresOnce()
    {
        int runs = 0;
        using ManualResetEventSlim go = new();
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, stop) =>
            {
                Interlocked.Increment(ref runs);
                go.Wait(stop);
                return WorkerBench.Finish(order, files);
            },
            slots: 2
        );
        FuseChunk order = await bench.OrderAsync();

        await bench.SendAsync(order);
        _ = await bench.Heard.WaitAsync<ChunkProgressed>();
        await bench.SendAsync(order);
        FuseChunk other = await bench.OrderAsync(chunk: 1);
        await bench.SendAsync(other);
        // The third order is in hand only after the second was put away.
        _ = await bench.Heard.WaitAsync<ChunkProgressed>(1, p => p.ChunkIndex == 1);
        go.Set();
        _ = await bench.Heard.WaitAsync<ChunkFused>(2);
        Assert.Equal(2, runs);

        // Delivered once more after it was carried out: the names are taken, nothing is said again.
        await bench.SendAsync(order);
        await bench.SendAsync(await bench.OrderAsync(chunk: 2));
        _ = await bench.Heard.WaitAsync<ChunkFused>(1, f => f.ChunkIndex == 2);
        _ = Assert.Single(bench.Heard.All<ChunkFused>(), f => f.ChunkIndex == 0);
        Assert.Empty(bench.Heard.All<ChunkFailed>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_ByBroadcast_EndsTheWorkAndSaysNothing(bool wholeJob)
    {
        using ManualResetEventSlim stopped = new();
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, stop) =>
            {
                if (order.ChunkIndex == 1)
                {
                    return WorkerBench.Finish(order, files);
                }

                stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
                stopped.Set();
                // Torn down in the middle, a tool may fail in any way.
                throw new MediaToolException("encode-failed", "Broken pipe.", isTransient: true);
            }
        );
        FuseChunk order = await bench.OrderAsync();
        await bench.SendAsync(order);
        _ = await bench.Heard.WaitAsync<ChunkProgressed>();

        await bench.SendAsync(new AttemptVoided(order.JobId, 0, 1, "somebody-else"));
        await bench.SendAsync(new AttemptVoided(order.JobId, 0, 9, "w1"));
        Assert.False(stopped.Wait(200));
        await bench.SendAsync(wholeJob ? new JobCancelled(order.JobId) : new AttemptVoided(order.JobId, 0, 1, "w1"));

        Assert.True(stopped.Wait(TimeSpan.FromSeconds(30)));
        await bench.SendAsync(await bench.OrderAsync(chunk: 1));
        _ = await bench.Heard.WaitAsync<ChunkFused>(1, f => f.ChunkIndex == 1);
        Assert.Empty(bench.Heard.All<ChunkFailed>());
        Assert.False(File.Exists(new Uri(order.SegmentPutUrl.Value).LocalPath));
    }

    [Fact]
    public async Task Stop_OfTheProcess_AfterTheDrain_StopsTheWorkAndHandsItBack()
    {
        using ManualResetEventSlim started = new();
        WorkerBench bench = await WorkerBench.OpenAsync(
            (_, _, _, stop) =>
            {
                started.Set();
                _ = stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
                throw new OperationCanceledException(stop);
            },
            drainSeconds: 0.3
        );
        await bench.SendAsync(await bench.OrderAsync());
        Assert.True(started.Wait(TimeSpan.FromSeconds(30)));

        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        await bench.StopAsync();

        Assert.InRange(TimeProvider.System.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Stop_OfTheProcess_WithinTheDrain_LetsTheWorkFinish()
    {
        using ManualResetEventSlim started = new();
        WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, stop) =>
            {
                started.Set();
                Assert.False(stop.WaitHandle.WaitOne(500));
                return WorkerBench.Finish(order, files);
            },
            drainSeconds: 20
        );
        FuseChunk order = await bench.OrderAsync();
        await bench.SendAsync(order);
        Assert.True(started.Wait(TimeSpan.FromSeconds(30)));

        await bench.StopAsync();

        Assert.True(File.Exists(new Uri(order.SegmentPutUrl.Value).LocalPath));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Consume_UrlsOutsideTheStore_AreRefused()
    {
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, _) => WorkerBench.Finish(order, files)
        );
        FuseChunk order = await bench.OrderAsync();
        string[] hostile =
        [
            "file:///etc/passwd",
            "file://" + bench.Store.BlobFolder + "/../lock",
            "file://" + bench.Store.BlobFolder + "-other/x",
            "http://localhost/x",
            "nonsense",
        ];
        for (int i = 0; i < hostile.Length; i++)
        {
            await bench.SendAsync(order with { ChunkIndex = i, TargetUrl = new BlobUrl(hostile[i]) });
        }

        await bench.SendAsync(order with { ChunkIndex = 9, SegmentPutUrl = new BlobUrl("file:///tmp/segment.mp4") });

        IReadOnlyList<ChunkFailed> failed = await bench.Heard.WaitAsync<ChunkFailed>(hostile.Length + 1);
        Assert.All(failed, f => Assert.Equal("url-refused", f.Failure.Code));
    }

    [Fact]
    public async Task Consume_APhotoWithOtherBytes_IsRefused()
    {
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, _) => WorkerBench.Finish(order, files)
        );
        FuseChunk order = await bench.OrderAsync();
        SourcePhoto photo = order.Sources[0].Photos[0];

        await bench.SendAsync(
            order with
            {
                Sources = [new SourceIdentity("me", [photo with { Sha256 = new string('0', 64) }])],
            }
        );

        Assert.Equal("source-changed", (await bench.Heard.WaitAsync<ChunkFailed>())[0].Failure.Code);
    }

    [Fact]
    public async Task Worker_SaysThatItIsAlive_AndWhenItIsNot()
    {
        using ManualResetEventSlim go = new();
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, _) =>
            {
                go.Wait(CancellationToken.None);
                return WorkerBench.Finish(order, files);
            },
            slots: 3,
            drainSeconds: 5
        );
        _ = await bench.Heard.WaitAsync<WorkerReported>(1, r => r is { Slots: 3, Busy: 0 });
        await bench.SendAsync(await bench.OrderAsync());
        _ = await bench.Heard.WaitAsync<WorkerReported>(1, r => r is { Slots: 3, Busy: 1 });
        go.Set();
        _ = await bench.Heard.WaitAsync<ChunkFused>();
        _ = await bench.Heard.WaitAsync<WorkerReported>(2, r => r is { Slots: 3, Busy: 0 });

        await bench.Alive.StoppingAsync(CancellationToken.None);

        _ = await bench.Heard.WaitAsync<WorkerReported>(1, r => r.Slots == 0);
    }
}
