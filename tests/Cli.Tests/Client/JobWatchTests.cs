using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Api.Jobs;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Client;

public sealed class JobWatchTests
{
    [Fact]
    public async Task FollowAsync_ServerGoesAndComesBack_StaysWithTheJob()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string id = await SubmitAsync(fleet, key);
        Told told = new();
        using ApiConnection connection = Connect(fleet, key);
        Task<IReadOnlyList<ApiJob>> following = Watch(connection, told).FollowAsync([id], Stop);
        await told.Seen.Task.WaitAsync(Patience, Stop);

        await fleet.StopAsync();
        await told.Away.Task.WaitAsync(Patience, Stop);
        Assert.False(following.IsCompleted);
        await fleet.StartAgainAsync();
        await told.Back.Task.WaitAsync(Patience, Stop);
        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(key, "jobs", "cancel", id)).Exit);
        ApiJob ended = Assert.Single(await following.WaitAsync(Patience, Stop));

        Assert.Equal((id, JobStep.Cancelled), (ended.Id, ended.State));
    }

    [Fact]
    public async Task FollowAsync_NothingNew_AsksForNoBody()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string id = await SubmitAsync(fleet, key);
        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(key, "jobs", "pause", id)).Exit);
        TaskCompletionSource unchanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        fleet.Intercept = http =>
        {
            http.Response.OnCompleted(() =>
            {
                if (http.Response.StatusCode == 304)
                {
                    _ = unchanged.TrySetResult();
                }

                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };
        using ApiConnection connection = Connect(fleet, key);
        using CancellationTokenSource enough = new();
        Task following = Watch(connection, new Told()).FollowAsync([id], enough.Token);

        await unchanged.Task.WaitAsync(Patience, Stop);
        await enough.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task FollowAsync_NoSuchJob_EndsAtOnceForAll()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string id = await SubmitAsync(fleet, key);
        using ApiConnection connection = Connect(fleet, key);

        ApiCallException refused = await Assert.ThrowsAsync<ApiCallException>(() =>
            Watch(connection, new Told()).FollowAsync([id, "job_none"], Stop).WaitAsync(Patience, Stop)
        );

        Assert.Equal(ExitCode.NotFound, refused.Exit);
    }

    [Fact]
    public async Task FollowAsync_ServerIsGoneForGood_GivesUp()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string id = await SubmitAsync(fleet, key);
        Told told = new();
        using ApiConnection connection = Connect(fleet, key);
        JobWatch watch = Watch(connection, told, TimeSpan.FromSeconds(1));
        Task following = watch.FollowAsync([id], Stop);
        await told.Seen.Task.WaitAsync(Patience, Stop);
        await fleet.StopAsync();

        ApiCallException gone = await Assert.ThrowsAsync<ApiCallException>(() => following.WaitAsync(Patience, Stop));

        Assert.Equal(ExitCode.Unavailable, gone.Exit);
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static JobWatch Watch(ApiConnection connection, Told told, TimeSpan? patience = null) =>
        new(new FleetJobs(connection), TimeProvider.System)
        {
            OnChange = _ => told.Seen.TrySetResult(),
            OnAway = why => _ = why is null ? told.Back.TrySetResult() : told.Away.TrySetResult(),
            Patience = patience ?? TimeSpan.FromMinutes(5),
        };

    private static ApiConnection Connect(TestFleet fleet, string key) =>
        new(new Uri(fleet.Server + "/"), File.ReadAllText(key), TimeProvider.System);

    private static async Task<string> SubmitAsync(TestFleet fleet, string key) =>
        (await fleet.RunAsync(key, "submit", "--source", Files.Photo, "--target", Files.TinyClip)).Output.Trim();

    private sealed class Told
    {
        public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Away { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Back { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
