using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Scaling;

/// <summary>What an autoscaler is told of jobs before fusion, of paused ones, and of replays.</summary>
public sealed class WorkOwedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, JobState, JobKind, int, int, int> BeforeFusion()
    {
        TheoryData<string, JobState, JobKind, int, int, int> rows = [];
        foreach (string database in Desk.Databases.Select(row => row.Data))
        {
            rows.Add(database, JobState.Queued, JobKind.Fuse, 0, 0, 1);
            rows.Add(database, JobState.Preparing, JobKind.Fuse, 0, 0, 1);
            rows.Add(database, JobState.Scanning, JobKind.Fuse, 7000, 7000, 0);
            rows.Add(database, JobState.Gating, JobKind.Fuse, 7000, 7000, 0);
            rows.Add(database, JobState.Scanning, JobKind.Scan, 7000, 0, 1);
            rows.Add(database, JobState.Succeeded, JobKind.Fuse, 7000, 0, 0);
        }

        return rows;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BeforeFusion))]
    public async Task ForScaling_OfAJobOutsideFusion_OwesItsFramesOnceTheyAreCounted(
        string database,
        JobState state,
        JobKind kind,
        int counted,
        int frames,
        int uncounted
    )
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        using WorkOwed owed = Open(desk);
        Guid job = await desk.AddFusingJobAsync(chunks: 5);
        // Somebody holds the stage, so that nobody takes the job further meanwhile.
        DateTimeOffset held = desk.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(j => j.State, state)
                    .SetProperty(j => j.Kind, kind)
                    .SetProperty(j => j.FrameCount, counted)
                    .SetProperty(j => j.LeaseUntil, held)
                    .SetProperty(j => j.LeaseOwner, "another")
            );

        ApiScaling scaling = await owed.ForScalingAsync(default);

        Assert.Equal((frames, uncounted), (scaling.OwedFrames, scaling.UnplannedJobs));
        double expected = (frames + (uncounted * WorkOwed.UnplannedFrames)) * scaling.SecondsPerFrame;
        Assert.Equal(expected, scaling.OwedSeconds, 9);

        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.PausedAt, desk.Clock.GetUtcNow()));
        desk.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, (await owed.ForScalingAsync(default)).OwedSeconds);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task ForScaling_OfAPausedJob_OwesWhatIsInHandAlone(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        using WorkOwed owed = Open(desk);
        Guid job = await desk.AddFusingJobAsync(chunks: 5);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);
        ApiScaling open = await owed.ForScalingAsync(default);
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.PausedAt, desk.Clock.GetUtcNow()));
        desk.Clock.Advance(TimeSpan.FromSeconds(2));

        ApiScaling paused = await owed.ForScalingAsync(default);

        Assert.Equal((50, 20), (open.OwedFrames, paused.OwedFrames));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task ForScaling_OfAReplay_OwesItsChunk(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        using WorkOwed owed = Open(desk);
        Guid job = await desk.AddFusingJobAsync(chunks: 5);
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Succeeded));
        foreach (ReplayState state in Enum.GetValues<ReplayState>())
        {
            _ = context.Replays.Add(
                new ReplayRow
                {
                    JobId = job,
                    ChunkIndex = 2,
                    Number = 1 + (int)state,
                    State = state,
                    LeaseUntil = desk.Clock.GetUtcNow() + TimeSpan.FromHours(1),
                }
            );
        }

        _ = await context.SaveChangesAsync();

        ApiScaling scaling = await owed.ForScalingAsync(default);

        // Of the four, one waits and one runs.
        Assert.Equal(20, scaling.OwedFrames);
        Assert.True(scaling.OwedSeconds > 0);
    }

    private static WorkOwed Open(Desk desk) =>
        new(desk.Get<IDbContextFactory<JobsDbContext>>(), desk.Get<LiveWorkers>(), desk.Get<CommitMeter>(), desk.Clock);
}
