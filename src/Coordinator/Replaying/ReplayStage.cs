using System.Diagnostics;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Reports;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Storage;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Replaying;

/// <summary>Has a fused chunk fused once more, from the target's own bytes, and compares the frames before encoding.</summary>
public sealed class ReplayStage(
    Replays replays,
    JobLedger jobs,
    ChunkLedger chunks,
    FuseOrders orders,
    IBlobStore store,
    IBus bus
)
{
    private const int AtATime = 64;

    /// <summary>Frames named where they differ.</summary>
    private const int MostNamed = 16;

    /// <summary>Of one tenant, open at a time: they go past the fair order of jobs.</summary>
    private const int MostOpen = 16;

    /// <summary>Orders a replay, or finds the one that is under way. Null: too many are.</summary>
    /// <param name="job">One that has succeeded.</param>
    /// <param name="chunk">Of it.</param>
    /// <param name="cancellationToken">Leaves a replay without an order, which ends as lost.</param>
    public async Task<ReplayRow?> StartAsync(JobRow job, ChunkRow chunk, CancellationToken cancellationToken)
    {
        if (await replays.EnterAsync(job, chunk, MostOpen, cancellationToken) is not { } entered)
        {
            return null;
        }

        if (entered.IsNew)
        {
            FuseChunk order = (await orders.MakeAsync(job, [PlaceOf(entered.Row, chunk)], cancellationToken))[0];
            using Activity? span = FleetTrace.Start("order replay", FleetTrace.Here, job.Id, chunk.Index);
            // Nothing that an earlier run found in the frames is believed.
            await bus.Publish(order with { Sidecars = [] }, cancellationToken);
        }

        return entered.Row;
    }

    public async Task ProgressedAsync(ChunkProgressed progress, CancellationToken cancellationToken)
    {
        if (!await replays.RenewAsync(progress, cancellationToken))
        {
            await bus.Publish(
                new AttemptVoided(progress.JobId, progress.ChunkIndex, progress.Attempt, progress.WorkerId),
                cancellationToken
            );
        }
    }

    public Task FailedAsync(ChunkFailed failed, CancellationToken cancellationToken) =>
        EndAsync(failed.JobId, failed.ChunkIndex, failed.Attempt, failed.WorkerId, failed.Failure, cancellationToken);

    public async Task FusedAsync(ChunkFused fused, CancellationToken cancellationToken)
    {
        ReplayRow? replay = await replays.FindOpenAsync(
            fused.JobId,
            fused.ChunkIndex,
            fused.Attempt,
            cancellationToken
        );
        ChunkRow? chunk = await chunks.FindAsync(fused.JobId, fused.ChunkIndex, cancellationToken);
        if (replay is null || chunk is null)
        {
            return;
        }

        IReadOnlyList<string>? accepted = await ReadHashesAsync(chunk, cancellationToken);
        IReadOnlyList<string>? again = await ReadHashesAsync(PlaceOf(replay, chunk), cancellationToken);
        replay.WorkerId = fused.WorkerId;
        replay.FramesDone = fused.Frames;
        replay.FramesHash = fused.FramesHash;
        if (accepted is null || again is null || accepted.Count != again.Count)
        {
            replay.State = ReplayState.Failed;
            replay.Failure = new Failure(
                FailureKind.StorageFault,
                "replay-unread",
                "The hashes of the frames cannot be read any more; replay the chunk again.",
                true
            );
        }
        else
        {
            replay.State = ReplayState.Compared;
            replay.DifferentFrames =
            [
                .. Enumerable
                    .Range(0, again.Count)
                    .Where(i => accepted[i] != again[i])
                    .Select(i => chunk.Start + i)
                    .Take(MostNamed),
            ];
        }

        _ = await replays.EndAsync(replay, cancellationToken);
        await DeleteAsync(replay, chunk, cancellationToken);
    }

    /// <summary>Ends what nobody was heard of for too long.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        Failure lost = new(
            FailureKind.StorageFault,
            "replay-lost",
            "No worker was heard of in time; replay the chunk again.",
            true
        );
        foreach (ReplayRow silent in await replays.FindSilentAsync(AtATime, cancellationToken))
        {
            int attempt = Replays.AttemptOf(silent);
            await EndAsync(silent.JobId, silent.ChunkIndex, attempt, silent.WorkerId, lost, cancellationToken);
        }
    }

    private async Task EndAsync(
        Guid jobId,
        int chunkIndex,
        int attempt,
        string? worker,
        Failure failure,
        CancellationToken cancellationToken
    )
    {
        if (await replays.FindOpenAsync(jobId, chunkIndex, attempt, cancellationToken) is { } replay)
        {
            replay.State = ReplayState.Failed;
            replay.WorkerId = worker;
            replay.Failure = failure;
            _ = await replays.EndAsync(replay, cancellationToken);
            if (await chunks.FindAsync(jobId, chunkIndex, cancellationToken) is { } chunk)
            {
                await DeleteAsync(replay, chunk, cancellationToken);
            }
        }
    }

    /// <summary>The chunk's row as if the replay were its attempt: by it blobs are named.</summary>
    private static ChunkRow PlaceOf(ReplayRow replay, ChunkRow chunk) =>
        new()
        {
            JobId = chunk.JobId,
            Index = chunk.Index,
            Start = chunk.Start,
            End = chunk.End,
            Attempt = Replays.AttemptOf(replay),
            Delivery = replay.Delivery,
        };

    private async Task<IReadOnlyList<string>?> ReadHashesAsync(ChunkRow chunk, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream content = await store.OpenReadAsync(ChunkBlobs.Report(chunk), cancellationToken);
            ChunkReport? report = await JsonSerializer.DeserializeAsync<ChunkReport>(
                content,
                ReportJson.Options,
                cancellationToken
            );
            return report?.FrameHashes;
        }
        catch (Exception e) when (e is JsonException or BlobStoreException { IsTransient: false })
        {
            return null;
        }
    }

    private async Task DeleteAsync(ReplayRow replay, ChunkRow chunk, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(replay.JobId, cancellationToken) is not { } job)
        {
            return;
        }

        ChunkRow place = PlaceOf(replay, chunk);
        foreach (
            BlobName name in (BlobName[])
                [ChunkBlobs.Segment(job, place), ChunkBlobs.Sidecar(place), ChunkBlobs.Report(place)]
        )
        {
            await store.DeleteAsync(name, cancellationToken);
        }
    }
}
