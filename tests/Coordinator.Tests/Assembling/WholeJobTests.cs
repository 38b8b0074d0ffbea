using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Assembling;

public sealed class WholeJobTests : IDisposable
{
    private static readonly SegmentPress Press = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submit_GoesThroughEveryStage_AndPublishesAVerifiedResult()
    {
        await using Plant plant = await Plant.OpenAsync(_folder, Press);
        List<string> stages = [];
        Guid job = await plant.Jobs.SubmitAsync(Plant.Request(_folder), CancellationToken.None);

        JobStatus end = await plant.Jobs.WaitAsync(job, s => stages.Add(s.Stage), CancellationToken.None);

        Assert.True(end.State == JobState.Succeeded, end.Failure?.Message);
        Assert.Equal((30, 30, 4, 4), (end.FramesDone, end.FramesTotal, end.ChunksDone, end.ChunksTotal));
        Assert.Equal("succeeded", stages[^1]);
        Assert.Equal(end.ResultSha256, Hash(_folder.PathOf("out.mp4")));
        FinishedReport report = (await plant.Jobs.ReadReportAsync(job, CancellationToken.None))!;
        Assert.Equal(
            new Verification(30, 30, true, true, 0, report.Report.Verification.Note),
            report.Report.Verification
        );
        Assert.Equal(3, report.Report.Gates.Count(g => g.Verdict == "not-configured"));
        Assert.Equal(["Nobody is in it."], report.Report.Warnings);
        Assert.Equal(4, report.Chunks.Count);
        Assert.Equal(
            ["out.mp4", "work"],
            Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName).Order()
        );
        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf("work/scratch")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf("work/incoming")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyMessage_LostDoubledLateOrOutOfOrder_LosesAndDoublesNothing(int seed)
    {
        Mischief mischief = new(seed)
        {
            Lost = 25,
            Doubled = 25,
            Late = 40,
            Failed = 20,
        };
        await using Plant plant = await Plant.OpenAsync(_folder, Press, mischief);
        Guid job = await plant.Jobs.SubmitAsync(Plant.Request(_folder, chunkFrames: 4), CancellationToken.None);

        JobStatus end = await WaitAsync(plant, job);

        Assert.True(end.State == JobState.Succeeded, end.Failure?.Message);
        await AssertWholeAsync(plant, job, end);
    }

    [Fact]
    public async Task Stop_AtAnyMoment_ContinuesFromTheFinishedChunks()
    {
        Random random = new(7);
        Mischief mischief = new(5) { Late = 30 };
        JobRequest request = Plant.Request(_folder, chunkFrames: 3);
        JobStatus? end = null;
        int lives = 0;
        while (end is null)
        {
            await using Plant plant = await Plant.OpenAsync(_folder, Press, mischief);
            Guid job = await plant.Jobs.SubmitAsync(request, CancellationToken.None);
            // Later lives are longer, so that the last one arrives.
            using CancellationTokenSource death = new(random.Next(20, 200 + (200 * lives++)));
            try
            {
                end = await plant.Jobs.WaitAsync(job, null, death.Token);
                await AssertWholeAsync(plant, job, end);
            }
            catch (OperationCanceledException)
            {
                // Died in the middle of whatever it did.
            }
        }

        Assert.True(end.State == JobState.Succeeded, end.Failure?.Message);
        Assert.True(lives > 2, $"{lives} lives");
    }

    [Fact]
    public async Task Submit_Again_IsTheSameJob_AndMakesALostResultAnewFromItsSegments()
    {
        await using Plant plant = await Plant.OpenAsync(_folder, Press);
        Guid first = await plant.Jobs.SubmitAsync(Plant.Request(_folder), CancellationToken.None);
        JobStatus done = await WaitAsync(plant, first);
        int attempts = (await plant.AttemptsAsync(first)).Count;
        File.Delete(_folder.PathOf("out.mp4"));

        Guid again = await plant.Jobs.SubmitAsync(Plant.Request(_folder), CancellationToken.None);
        JobStatus end = await WaitAsync(plant, again);

        Assert.Equal((first, JobState.Succeeded, done.ResultSha256), (again, end.State, end.ResultSha256));
        Assert.Equal(done.ResultSha256, Hash(_folder.PathOf("out.mp4")));
        Assert.Equal(attempts, (await plant.AttemptsAsync(first)).Count);
    }

    [Fact]
    public async Task Submit_WithoutOutput_PutsTheResultIntoTheStore()
    {
        await using Plant plant = await Plant.OpenAsync(_folder, Press);
        Guid job = await plant.Jobs.SubmitAsync(Plant.Request(_folder) with { Output = null }, CancellationToken.None);

        JobStatus end = await WaitAsync(plant, job);

        JobRow row = (await plant.Get<JobLedger>().FindAsync(job, CancellationToken.None))!;
        Assert.Equal(end.ResultSha256, Hash(plant.Store.FindLocalPath(BlobName.Parse(row.ResultBlob!))!));
    }

    [Fact]
    public async Task Submit_ScanOnly_EndsWithThePeopleAndTheirSheet()
    {
        await using Plant plant = await Plant.OpenAsync(_folder, Press);
        Guid job = await plant.Jobs.SubmitAsync(
            Plant.Request(_folder) with
            {
                Kind = JobKind.Scan,
                Output = null,
            },
            CancellationToken.None
        );

        JobStatus end = await WaitAsync(plant, job);

        ScanOutcome scan = (await plant.Jobs.ReadScanAsync(job, CancellationToken.None))!;
        Assert.Equal((JobState.Succeeded, 30, 3), (end.State, scan.FrameCount, scan.Scan.FramesScanned));
        Assert.Equal([137, 80], scan.SheetPng);
        Assert.Empty(await plant.AttemptsAsync(job));
    }

    [Fact]
    public async Task Cancel_BeforeTheEnd_PublishesNothing()
    {
        await using Plant plant = await Plant.OpenAsync(_folder, Press, new Mischief(1) { Lost = 100 });
        Guid job = await plant.Jobs.SubmitAsync(Plant.Request(_folder), CancellationToken.None);

        Assert.True(await plant.Jobs.CancelAsync(job, CancellationToken.None));

        Assert.Equal(JobState.Cancelled, (await WaitAsync(plant, job)).State);
        Assert.False(File.Exists(_folder.PathOf("out.mp4")));
    }

    [Fact]
    public async Task Submit_WhatIsNoVideo_FailsByNameAndLeavesNoOutput()
    {
        string text = _folder.PathOf("text.mp4");
        await File.WriteAllTextAsync(text, "not a video at all");
        await using Plant plant = await Plant.OpenAsync(_folder, Press);
        Guid job = await plant.Jobs.SubmitAsync(Plant.Request(_folder) with { Target = text }, CancellationToken.None);

        JobStatus end = await WaitAsync(plant, job);

        Assert.Equal((JobState.Failed, FailureKind.InvalidVideo), (end.State, end.Failure?.Kind));
        Assert.False(File.Exists(_folder.PathOf("out.mp4")));
    }

    private static async Task<JobStatus> WaitAsync(Plant plant, Guid job)
    {
        using CancellationTokenSource over = new(TimeSpan.FromMinutes(3));
        return await plant.Jobs.WaitAsync(job, null, over.Token);
    }

    private async Task AssertWholeAsync(Plant plant, Guid job, JobStatus end)
    {
        Assert.Equal(end.ResultSha256, Hash(_folder.PathOf("out.mp4")));
        FinishedReport report = (await plant.Jobs.ReadReportAsync(job, CancellationToken.None))!;
        Assert.True(report.Report.Verification is { FramesFound: 30, TimestampsEqual: true, StreamsKept: true });
        IReadOnlyList<AttemptRow> attempts = await plant.AttemptsAsync(job);
        Assert.All(
            attempts.GroupBy(a => a.ChunkIndex),
            g => Assert.Equal(1, g.Count(a => a.Outcome == AttemptOutcome.Fused))
        );
        Assert.Equal(end.ChunksTotal, attempts.Count(a => a.Outcome == AttemptOutcome.Fused));
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
