using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

/// <summary>What the ledgers tell of the chunks of a job.</summary>
public sealed class JobEventTests : IDisposable
{
    private const int Chunks = 24;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Events_OfManyWritersAtOnce_HaveNoGap_AndTellOfEachChunkOnce(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(Chunks + 1);
        await desk.HelloAsync(slots: Chunks / 2);
        _ = await desk.Recorder.WaitAsync<FuseChunk>(Chunks);
        List<ChunkFused> words = [];
        for (int chunk = 1; chunk <= Chunks; chunk++)
        {
            words.Add(await desk.StoreAsync(job, chunk));
        }

        List<Task> writers =
        [
            .. words.Take(8).Select(w => Task.Run(() => desk.Get<ChunkLedger>().AcceptAsync(w, default))),
            .. words
                .Skip(8)
                .Take(8)
                .Chunk(3)
                .Select(w => Task.Run(() => desk.Get<CommitLedger>().AcceptAsync(w, default))),
            .. words
                .Skip(16)
                .Select(w => new ChunkFailed(job, w.ChunkIndex, 1, "w1", Faults.Stopped))
                .Select(f => Task.Run(() => desk.Fusion.FailedAsync(f, default))),
        ];
        await Task.WhenAll(writers);
        // Said again, nothing happens, and nothing is told.
        _ = await desk.Get<CommitLedger>().AcceptAsync(words, default);

        List<JobEventRow> told = await EventsAsync(desk, job);
        Assert.Equal(Enumerable.Range(1, Chunks), told.Select(e => e.Number));
        Assert.Equal(Enumerable.Range(1, Chunks), told.Select(e => e.ChunkIndex!.Value).Order());
        Assert.Equal(16, told.Count(e => e.Kind == JobEventKind.ChunkSucceeded));
        Assert.Equal(8, told.Count(e => e is { Kind: JobEventKind.ChunkReturned, Code: not null, WorkerId: "w1" }));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Events_OfAChunkThatIsQuarantined_TellOfItAndOfTheJobsEnd(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { FailuresToQuarantine = 2 });
        Guid job = await desk.AddFusingJobAsync(1);
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            await desk.HelloAsync();
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            await desk.Fusion.FailedAsync(new ChunkFailed(job, 0, attempt, "w1", Faults.Transient), default);
        }

        Assert.Equal(
            ["ChunkFailed 1 encode-failed", "ChunkQuarantined 2 encode-failed", "StateChanged Failed encode-failed"],
            (await EventsAsync(desk, job)).Select(e => $"{e.Kind} {e.State}{e.Attempt} {e.Code}")
        );
    }

    private static async Task<List<JobEventRow>> EventsAsync(Desk desk, Guid job)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        return await context.JobEvents.AsNoTracking().Where(e => e.JobId == job).OrderBy(e => e.Number).ToListAsync();
    }
}
