using System.Diagnostics;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>Polls of one job: held until there is news, and what they say of frames that are still worked on.</summary>
public sealed class PollTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Poll_ThatMayWait_IsHeldUntilTheJobChangesOrEnds_ForOneReadEachLook()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        string url = await StandingJobAsync(host);
        string tag = await TagAsync(host, url);
        _ = host.Statements.Take();

        Task<HttpResponseMessage> held = PollAsync(host, url, "wait=30", tag);
        Task<HttpResponseMessage> untilTheEnd = PollAsync(host, url, "respond-async, wait=30", null);
        await Task.Delay(600);
        Assert.False(held.IsCompleted || untilTheEnd.IsCompleted);
        IReadOnlyList<string> looks = host.Statements.Take();
        Assert.DoesNotContain(looks, s => s.Contains("\"Recipe\"", StringComparison.Ordinal));
        Assert.Equal(200, (int)(await host.Acme.PostAsync($"{url}:pause", null)).StatusCode);
        HttpResponseMessage changed = await held;
        Assert.Equal((200, "wait=30"), Said(changed));
        Assert.Equal(JobStep.Paused, (await changed.ReadAsync<ApiJob>()).State);
        Assert.NotEqual(tag, changed.Headers.ETag!.Tag);
        Assert.False(untilTheEnd.IsCompleted);

        Assert.Equal(200, (int)(await host.Acme.PostAsync($"{url}:cancel", null)).StatusCode);
        HttpResponseMessage ended = await untilTheEnd;
        Assert.Equal((200, "wait=30"), Said(ended));
        Assert.Equal(JobStep.Cancelled, (await ended.ReadAsync<ApiJob>()).State);
        // What has ended does not change: nobody waits for it, however long he would.
        Assert.Equal((304, "wait=60"), Said(await PollAsync(host, url, "wait=99999", ended.Headers.ETag!.Tag)));
        Assert.Equal(404, (int)(await PollAsync(host, url, "wait=30", "\"1\"", host.Other)).StatusCode);
    }

    [Theory]
    [InlineData("wait=1", "wait=1")]
    [InlineData("wait=0", "wait=0")]
    [InlineData("wait=-1", null)]
    [InlineData("wait=1e9", null)]
    [InlineData("wait=", null)]
    [InlineData("wait=99999999999999999999", null)]
    [InlineData("respond-async", null)]
    public async Task Poll_WithoutNews_Is304_WhenItsTimeIsUp(string prefer, string? applied)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        string url = await StandingJobAsync(host);
        string tag = await TagAsync(host, url);
        long start = Stopwatch.GetTimestamp();

        HttpResponseMessage poll = await PollAsync(host, url, prefer, tag);

        Assert.Equal((304, applied), Said(poll));
        Assert.Empty(await poll.Content.ReadAsByteArrayAsync());
        Assert.Equal(applied == "wait=1", Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Poll_BeyondWhatATenantMayHold_IsAnsweredAtOnce()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, change: o => o with { StreamsPerTenant = 1 });
        string url = await StandingJobAsync(host);
        string tag = await TagAsync(host, url);
        Task<HttpResponseMessage> first = PollAsync(host, url, "wait=30", tag);
        await Task.Delay(200);

        Assert.Equal((304, null), Said(await PollAsync(host, url, "wait=30", tag)));
        Assert.False(first.IsCompleted);
        _ = await host.Acme.PostAsync($"{url}:cancel", null);
        Assert.Equal((200, "wait=30"), Said(await first));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Progress_CountsFramesOfRunningChunks_AsANewVersionOnceASecond(string database)
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock);
        var id = Guid.NewGuid();
        string url = $"/v1/jobs/{ApiIds.Write(ApiIds.Job, id)}";
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            _ = context.Jobs.Add(FusingJob(id, clock.GetUtcNow()));
            context.Chunks.AddRange(
                new ChunkRow
                {
                    JobId = id,
                    Index = 0,
                    Start = 0,
                    End = 10,
                    State = ChunkState.Fused,
                    FramesDone = 10,
                },
                new ChunkRow
                {
                    JobId = id,
                    Index = 1,
                    Start = 10,
                    End = 20,
                    State = ChunkState.Running,
                    Attempt = 1,
                },
                new ChunkRow
                {
                    JobId = id,
                    Index = 2,
                    Start = 20,
                    End = 30,
                }
            );
            _ = await context.SaveChangesAsync();
        }

        List<(int Frames, string Tag)> seen = [];
        (int Frames, double Seconds)[] told = [(0, 2), (4, 0), (6, 0.9), (6, 0.2), (60, 2)];
        foreach ((int frames, double seconds) in told)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.True(await host.Get<ChunkLedger>().RenewAsync(new ChunkProgressed(id, 1, 1, "w1", frames), default));
            HttpResponseMessage answer = await host.Acme.GetAsync(url);
            ApiProgress progress = (await answer.ReadAsync<ApiJob>()).Progress!;
            Assert.Equal((30, 1, 3), (progress.FramesTotal, progress.ChunksDone, progress.ChunksTotal));
            seen.Add((progress.FramesDone, answer.Headers.ETag!.Tag));
        }

        // A worker that tells of more frames than there are is not believed.
        Assert.Equal([(10, "\"0\""), (14, "\"1\""), (16, "\"1\""), (16, "\"2\""), (20, "\"3\"")], seen);
        await using JobsDbContext after = await host.NewContextAsync();
        Assert.Equal(3, after.Jobs.Single().Version);
    }

    private static JobRow FusingJob(Guid id, DateTimeOffset now) =>
        new()
        {
            Id = id,
            TenantId = "acme",
            State = JobState.Fusing,
            // So that nothing of it is handed out.
            PausedAt = now,
            FrameCount = 30,
            TargetLabel = "clip.mp4",
            TargetSha256 = new string('a', 64),
            Recipe = new Recipe { Processors = [new DebugStep()] },
            Sources = [],
        };

    /// <summary>The address of a job that is prepared and not scanned: its row stands still.</summary>
    private static async Task<string> StandingJobAsync(ApiHost host)
    {
        string url = $"/v1/jobs/{(await host.Acme.DebugJobAsync()).Id}";
        await Deadline.UntilAsync(
            async () => (await (await host.Acme.GetAsync(url)).ReadAsync<ApiJob>()).Progress!.ChunksTotal > 0,
            "chunks"
        );
        await Task.Delay(200);
        return url;
    }

    private static async Task<string> TagAsync(ApiHost host, string url) =>
        (await host.Acme.GetAsync(url)).Headers.ETag!.Tag;

    private static async Task<HttpResponseMessage> PollAsync(
        ApiHost host,
        string url,
        string prefer,
        string? tag,
        HttpClient? client = null
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Add("Prefer", prefer);
        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        return await (client ?? host.Acme).SendAsync(request);
    }

    private static (int, string?) Said(HttpResponseMessage answer) =>
        (
            (int)answer.StatusCode,
            answer.Headers.TryGetValues("Preference-Applied", out IEnumerable<string>? applied)
                ? applied.Single()
                : null
        );
}
