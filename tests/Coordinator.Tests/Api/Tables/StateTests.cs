using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>What may be done to a job and to an upload, by where it stands.</summary>
public sealed class StateTests : IDisposable
{
    private static readonly JobState[] Ended =
    [
        JobState.Succeeded,
        JobState.Failed,
        JobState.Cancelled,
        JobState.Declined,
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The states in which an action is taken; in all others it is refused and changes nothing.</summary>
    private static readonly Dictionary<string, JobState[]> Allowed = new()
    {
        [":cancel"] = [.. Enum.GetValues<JobState>().Except(Ended), JobState.Cancelled],
        [":retry"] = [JobState.Failed, JobState.Cancelled],
        [":pause"] = [.. Enum.GetValues<JobState>().Except(Ended)],
        [":resume"] = [.. Enum.GetValues<JobState>().Except(Ended)],
        [""] = Ended,
    };

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Job_InEveryState_TakesWhatFitsItTwice_AndRefusesTheRestUnchanged(string database)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, new ManualTimeProvider());
        Findings found = new();
        foreach ((string action, JobState[] states) in Allowed)
        {
            foreach (JobState state in Enum.GetValues<JobState>())
            {
                string url = await AddAsync(host, state, isPublishing: false);
                string before = await host.Acme.GetStringAsync(url);
                Told first = await SendAsync(host, url, action);
                if (!states.Contains(state))
                {
                    found.Require(first is { Status: 409, Code: "INVALID_STATE" }, $"{action} of {state}: {first}");
                    found.Require(before == await host.Acme.GetStringAsync(url), $"{action} of {state} changed it");
                    continue;
                }

                found.Require(first.Status is 200 or 204, $"{action} of {state}: {first}");
                Told second = await SendAsync(host, url, action);
                bool isSame = action switch
                {
                    "" => second.Status == 404,
                    // It may have failed again by now.
                    ":retry" => State(first) is not ("FAILED" or "CANCELLED"),
                    _ => second.Status == 200 && State(second) == State(first),
                };
                found.Require(isSame, $"{action} of {state} twice: {first}, {second}");
            }
        }

        string publishing = await AddAsync(host, JobState.Assembling, isPublishing: true);
        Told late = await SendAsync(host, publishing, ":cancel");
        found.Require(late is { Status: 409, Code: "INVALID_STATE" }, $"cancel while it is published: {late}");
        found.Done(atLeast: 60);
    }

    [Fact]
    public async Task Complete_IsTakenOnceAndForAll_AndNothingOfADeletedUploadIsLeft()
    {
        byte[] clip = await File.ReadAllBytesAsync(TinyClip.FullPath);
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiUpload upload = await (await host.Acme.AnnounceAsync(clip)).ReadAsync<ApiUpload>();
        string url = $"/v1/uploads/{upload.Id}";
        Assert.Equal((409, "UPLOAD_INCOMPLETE"), await (await host.Acme.CompleteAsync(upload.Id)).ProblemAsync());
        await host.Acme.PutBlocksAsync(upload, clip);
        Assert.Equal(404, (int)(await host.Other.CompleteAsync(upload.Id)).StatusCode);
        using HttpRequestMessage hurried = new(HttpMethod.Post, $"{url}:complete");
        hurried.Headers.Add("Prefer", "wait=0");

        Task<HttpResponseMessage> atOnce = host.Acme.SendAsync(hurried);
        HttpResponseMessage[] all = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => host.Acme.CompleteAsync(upload.Id))
        );

        Assert.Contains((int)(await atOnce).StatusCode, new[] { 200, 202 });
        foreach (HttpResponseMessage one in all)
        {
            Assert.Equal(UploadStep.Ready, (await one.ReadAsync<ApiUpload>()).State);
        }

        ApiUpload left = await (await host.Acme.AnnounceAsync([1, 2, 3])).ReadAsync<ApiUpload>();
        await host.Acme.PutBlocksAsync(left, [1, 2, 3]);
        Assert.Equal(404, (int)(await host.Other.DeleteAsync($"/v1/uploads/{left.Id}")).StatusCode);
        Assert.Equal(204, (int)(await host.Acme.DeleteAsync($"/v1/uploads/{left.Id}")).StatusCode);
        Assert.Equal((404, "NOT_FOUND"), await (await host.Acme.CompleteAsync(left.Id)).ProblemAsync());
        Assert.Equal(404, (int)(await host.Acme.DeleteAsync($"/v1/uploads/{left.Id}")).StatusCode);
        Storage.IBlobStore store = host.Get<Storage.IBlobStore>();
        Assert.Single(await store.ListAsync("", default).ToListAsync());
        await using JobsDbContext context = await host.NewContextAsync();
        Assert.Equal(1, await context.Uploads.CountAsync());
    }

    private static string? State(Told told) =>
        JsonSerializer.Deserialize<JsonElement>(told.Text).GetProperty("state").GetString();

    private static Task<Told> SendAsync(ApiHost host, string url, string action)
    {
        HttpRequestMessage request = new(action.Length == 0 ? HttpMethod.Delete : HttpMethod.Post, url + action);
        request.Headers.Add("If-Match", "*");
        return Told.OfAsync(host.Acme, request);
    }

    /// <summary>A job that stands there and that nothing is done for.</summary>
    private static async Task<string> AddAsync(ApiHost host, JobState state, bool isPublishing)
    {
        var id = Guid.NewGuid();
        await using JobsDbContext context = await host.NewContextAsync();
        _ = context.Jobs.Add(
            new JobRow
            {
                Id = id,
                TenantId = "acme",
                State = state,
                Publishing = isPublishing,
                IsParked = true,
                IsCollected = true,
                TargetLabel = "clip.mp4",
                TargetSha256 = new string('a', 64),
                Recipe = new Recipe { Processors = [new DebugStep()] },
                Sources = [],
            }
        );
        _ = await context.SaveChangesAsync();
        return $"/v1/jobs/{ApiIds.Write(ApiIds.Job, id)}";
    }
}
