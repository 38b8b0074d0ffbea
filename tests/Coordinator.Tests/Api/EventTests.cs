using System.Net.ServerSentEvents;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Events;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>What happens to a job, as a list and as a stream.</summary>
public sealed class EventTests : IDisposable
{
    private static readonly Guid Job = Guid.NewGuid();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Events_OfAWholeJob_AreNumberedWithoutAGap_TheSameAsListAndAsStream(string database)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, press: new SegmentPress());
        ApiJob job = await host.Acme.DebugJobAsync();
        string url = $"/v1/jobs/{job.Id}/events";

        await using ApiStream live = await ApiStream.OpenAsync(host.Acme, url);
        List<SseItem<string>> streamed = await live.RestAsync();

        Assert.Equal("text/event-stream", live.Answer.Content.Headers.ContentType?.MediaType);
        List<ApiEvent> all = await ListAsync(host.Acme, url);
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(e => e.Id));
        Assert.Equal(
            ["QUEUED", "VALIDATING preparing", "VALIDATING scanning", "VALIDATING gating", "RUNNING fusing"],
            all.Take(5).Select(Text)
        );
        Assert.Equal(["FINALIZING assembling", "SUCCEEDED"], all.TakeLast(2).Select(Text));
        Assert.Equal([0, 1, 2], all.Where(e => e.Type == "chunk.succeeded").Select(e => e.Chunk!.Value).Order());
        Assert.Equal(10, all.Count);
        Assert.Equal(all, streamed.Select(Read));
        Assert.Equal(all.Select(e => ($"{e.Id}", e.Type)), streamed.Select(s => (s.EventId!, s.EventType)));

        await using ApiStream rest = await ApiStream.OpenAsync(host.Acme, url, "7");
        Assert.Equal(all.Skip(7), (await rest.RestAsync()).Select(Read));
        await using ApiStream nothing = await ApiStream.OpenAsync(host.Acme, url, "10");
        Assert.Equal(204, (int)nothing.Answer.StatusCode);
        foreach (string wrong in new[] { "11", "2147483648", "-1", "x" })
        {
            await using ApiStream anew = await ApiStream.OpenAsync(host.Acme, url, wrong);
            SseItem<string> first = (await anew.NextAsync())!.Value;
            Assert.Equal(("reset", "0"), (first.EventType, first.EventId));
            Assert.Equal(all, (await anew.RestAsync()).Select(Read));
        }

        Assert.Equal(404, (int)(await host.Other.GetAsync(url)).StatusCode);
        using HttpRequestMessage delete = new(HttpMethod.Delete, $"/v1/jobs/{job.Id}");
        delete.Headers.Add("If-Match", "*");
        Assert.Equal(204, (int)(await host.Acme.SendAsync(delete)).StatusCode);
        await using JobsDbContext context = await host.NewContextAsync();
        Assert.Empty(await context.JobEvents.ToListAsync());
    }

    [Fact]
    public async Task Stream_TellsOfPauseAndEnd_WhenTheyHappen()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiJob job = await host.Acme.DebugJobAsync();
        await using ApiStream live = await ApiStream.OpenAsync(host.Acme, $"/v1/jobs/{job.Id}/events");
        for (ApiEvent? told = null; told?.Stage != "scanning"; )
        {
            told = Read((await live.NextAsync())!.Value);
        }

        foreach (string action in new[] { "pause", "pause", "resume", "cancel" })
        {
            HttpResponseMessage done = await host.Acme.PostAsync($"/v1/jobs/{job.Id}:{action}", null);
            Assert.Equal(200, (int)done.StatusCode);
        }

        Assert.Equal(
            ["PAUSED scanning", "VALIDATING scanning", "CANCELLED"],
            (await live.RestAsync()).Select(told => Text(Read(told)))
        );
    }

    [Fact]
    public async Task Stream_OnWhichNothingHappens_SaysSoEvery15Seconds_AndEndsAfterTenMinutes()
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: clock);
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            _ = context.Jobs.Add(
                new JobRow
                {
                    Id = Job,
                    TenantId = "acme",
                    State = JobState.Fusing,
                    PausedAt = clock.GetUtcNow(),
                    TargetLabel = "clip.mp4",
                    TargetSha256 = new string('a', 64),
                    Recipe = new Recipe { Processors = [new DebugStep()] },
                    Sources = [],
                }
            );
            _ = await context.SaveChangesAsync();
        }

        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/jobs/{ApiIds.Write(ApiIds.Job, Job)}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        HttpResponseMessage quiet = await host.Acme.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(120));
        Task<string> whole = quiet.Content.ReadAsStringAsync(over.Token);

        while (!whole.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(2, over.Token);
        }

        int comments = (await whole).Split("\n\n").Count(line => line == ":");
        Assert.InRange(comments, 20, 40);
    }

    [Fact]
    public async Task Streams_MoreThanATenantMayHold_Are429_UntilOneIsLetGo()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, change: o => o with { StreamsPerTenant = 2 });
        string url = $"/v1/jobs/{(await host.Acme.DebugJobAsync()).Id}/events";
        string theirs = $"/v1/jobs/{(await host.Other.DebugJobAsync()).Id}/events";
        await using ApiStream first = await ApiStream.OpenAsync(host.Acme, url);
        await using ApiStream second = await ApiStream.OpenAsync(host.Acme, url);

        await using ApiStream third = await ApiStream.OpenAsync(host.Acme, url);
        await using ApiStream other = await ApiStream.OpenAsync(host.Other, theirs);

        Assert.Equal((429, "TOO_MANY_REQUESTS"), await third.ProblemAsync());
        Assert.Equal(5, third.Answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal(200, (int)other.Answer.StatusCode);
        await second.DisposeAsync();
        await Deadline.UntilAsync(
            async () =>
            {
                await using ApiStream again = await ApiStream.OpenAsync(host.Acme, url);
                return again.Answer.IsSuccessStatusCode;
            },
            "a free place"
        );
    }

    private static ApiEvent Read(SseItem<string> item) =>
        JsonSerializer.Deserialize<ApiEvent>(item.Data, ApiJson.Requests)!;

    private static string Text(ApiEvent told) =>
        $"{JsonSerializer.Serialize(told.State, ApiJson.Answers).Trim('"')} {told.Stage}".TrimEnd();

    private static async Task<List<ApiEvent>> ListAsync(HttpClient client, string url)
    {
        List<ApiEvent> all = [];
        string? token = null;
        do
        {
            HttpResponseMessage answer = await client.GetAsync(
                token is null ? $"{url}?pageSize=4" : $"{url}?pageSize=4&pageToken={token}"
            );
            ApiEventList page = await answer.ReadAsync<ApiEventList>();
            all.AddRange(page.Events);
            token = page.NextPageToken;
        } while (token is not null);
        return all;
    }
}
