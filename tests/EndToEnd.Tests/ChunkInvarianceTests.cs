using System.Diagnostics;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>The frames before encoding do not depend on chunks, workers, crashes or retries.</summary>
public sealed class ChunkInvarianceTests(ChunkInvarianceTests.OneChunk expected, ITestOutputHelper output)
    : IClassFixture<ChunkInvarianceTests.OneChunk>
{
    [Theory]
    [InlineData(37, 2)]
    [InlineData(97, 1)]
    [InlineData(97, 2)]
    public async Task Fuse_AnyChunksAndWorkers_SameFrames(int chunkFrames, int workers)
    {
        using TestFolder folder = new();

        string[] hashes = await HashesAsync(folder, chunkFrames, workers);

        Assert.Equal(expected.FrameHashes, hashes);
        Assert.Equal(120, hashes.Length);
    }

    [Fact]
    public async Task Fuse_KilledAtRandomMomentsAndRunAgain_SameFrames()
    {
        using TestFolder folder = new();
        string[] arguments = Arguments(folder, 20, 2);
        int seed = Environment.ProcessId;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int killed = 0;
        for (int run = 0; run < 5; run++)
        {
            using Process process = Ffb.Start(arguments);
            Task<string> said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            using CancellationTokenSource moment = new(random.Next(700, 4000));
            try
            {
                await process.WaitForExitAsync(moment.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                killed++;
            }

            output.WriteLine(await said);
        }

        FfbResult last = await Ffb.RunAsync(arguments);

        Assert.True(last.Exit == 0, last.Error);
        Assert.True(killed > 0);
        Assert.Equal(expected.FrameHashes, Reports.FrameHashes(folder["work"]));
        Assert.Equal(VideoFacts.FrameTimes(Clips.Talking), VideoFacts.FrameTimes(folder["out.mp4"]));
        Assert.Equal(["out.mp4", "out.mp4.report.html", "out.mp4.report.json", "work"], folder.Entries);
    }

    private static async Task<string[]> HashesAsync(TestFolder folder, int chunkFrames, int workers)
    {
        FfbResult run = await Ffb.RunAsync(Arguments(folder, chunkFrames, workers));
        Assert.True(run.Exit == 0, run.Error);
        return Reports.FrameHashes(folder["work"]);
    }

    private static string[] Arguments(TestFolder folder, int chunkFrames, int workers) =>
        [
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            Clips.Talking,
            "--output",
            folder["out.mp4"],
            "--chunk-frames",
            $"{chunkFrames}",
            "--workers",
            $"{workers}",
            "--preset",
            "veryfast",
            "--work",
            folder["work"],
        ];

    /// <summary>The whole target as one chunk on one worker: what every other way is held against.</summary>
    public sealed class OneChunk : IAsyncLifetime
    {
        public string[] FrameHashes { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            using TestFolder folder = new();
            FrameHashes = await HashesAsync(folder, 300, 1);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
