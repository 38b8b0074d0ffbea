using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Api.Events;
using FaceFusion.Batch.Contracts.Api.Jobs;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Client;

public sealed class JobEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task FollowAsync_ServerGoesAndComesBack_TellsEachEventOnce()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string[] files = ["--source", Files.Photo, "--target", Files.TinyClip];
        string id = (await fleet.RunAsync(key, ["submit", .. files])).Output.Trim();
        List<ApiEvent> told = [];
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ApiConnection connection = new(
            new Uri(fleet.Server + "/"),
            await File.ReadAllTextAsync(key, Stop),
            TimeProvider.System
        );
        Task following = new JobEvents(connection).FollowAsync(
            id,
            e =>
            {
                told.Add(e);
                _ = first.TrySetResult();
                return Task.CompletedTask;
            },
            Stop
        );
        await first.Task.WaitAsync(Patience, Stop);

        await fleet.StopAsync();
        await fleet.StartAgainAsync();
        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(key, "jobs", "cancel", id)).Exit);
        await following.WaitAsync(Patience, Stop);

        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(e => e.Id));
        Assert.Equal(JobStep.Cancelled, told[^1].State);
        Run listed = await fleet.RunAsync(key, "jobs", "events", id);
        Assert.Equal(told.Count, listed.Lines.Length);
        Assert.Matches("job.state_changed +cancelled", listed.Lines[^1]);
        Run followed = await fleet.RunAsync(key, "jobs", "events", id, "--follow", "--output-format", "jsonl");
        Assert.Equal(told.Count, followed.Lines.Length);
    }

    [Fact]
    public async Task FollowAsync_NoSuchJob_IsRefused()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();

        Run refused = await fleet.RunAsync(await fleet.KeyFileAsync(), "jobs", "events", "job_none", "--follow");

        Assert.Equal(ExitCode.NotFound, refused.Exit);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
