using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Replays;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Uploads;
using FaceFusion.Batch.Coordinator.Replaying;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Replays;

/// <summary><c>/v1/jobs/{job}/chunks/{chunk}/replays</c>: does the same come out again?</summary>
internal static class ReplayEndpoints
{
    private const string PollSeconds = "2";

    public static void Map(RouteGroupBuilder jobs)
    {
        _ = jobs.MapPost("/{job}/chunks/{chunk:int:min(0)}:replay", StartAsync)
            .Needs(ApiScope.WriteJobs)
            .Produces<ApiReplay>(202)
            .Fails(ProblemKind.InvalidState, ProblemKind.TooMany)
            .WithName("replayChunk")
            .WithSummary(
                "Fuse a chunk of a finished job once more and compare its frames; one that is under way is answered"
            );
        _ = jobs.MapGet("/{job}/chunks/{chunk:int:min(0)}/replays", ListAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiReplayList>()
            .WithName("listReplays")
            .WithSummary("A chunk's replays, the oldest first");
        _ = jobs.MapGet("/{job}/chunks/{chunk:int:min(0)}/replays/{number:int:min(1)}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiReplay>()
            .WithName("getReplay")
            .WithSummary("A replay, and what came of it");
    }

    private static async Task<IResult> StartAsync(
        string job,
        int chunk,
        HttpContext http,
        JobShelf shelf,
        ReplayStage stage
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        ChunkRow part = await shelf.FindChunkAsync(row, chunk, http.RequestAborted);
        if (row.State != JobState.Succeeded || part.State != ChunkState.Fused)
        {
            throw new ProblemException(
                ProblemKind.InvalidState,
                "Only fused chunks of a job that has succeeded are replayed."
            );
        }

        ReplayRow replay =
            await stage.StartAsync(row, part, CancellationToken.None)
            ?? throw new ProblemException(ProblemKind.TooMany, "Wait for the replays that are under way.");
        http.Response.Headers.Location = $"/v1/jobs/{job}/chunks/{chunk}/replays/{replay.Number}";
        http.Response.Headers.RetryAfter = PollSeconds;
        return Results.Json(Of(replay, part), ApiJson.Answers, statusCode: 202);
    }

    private static async Task<IResult> ListAsync(
        string job,
        int chunk,
        HttpContext http,
        JobShelf shelf,
        Replaying.Replays replays
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        ChunkRow part = await shelf.FindChunkAsync(row, chunk, http.RequestAborted);
        IReadOnlyList<ReplayRow> all = await replays.ListAsync(row.Id, chunk, http.RequestAborted);
        return Results.Json(new ApiReplayList([.. all.Select(r => Of(r, part))]), ApiJson.Answers);
    }

    private static async Task<IResult> GetAsync(
        string job,
        int chunk,
        int number,
        HttpContext http,
        JobShelf shelf,
        Replaying.Replays replays
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        ChunkRow part = await shelf.FindChunkAsync(row, chunk, http.RequestAborted);
        IReadOnlyList<ReplayRow> all = await replays.ListAsync(row.Id, chunk, http.RequestAborted);
        ReplayRow replay = all.FirstOrDefault(r => r.Number == number).OrNotFound();
        if (replay.LeaseUntil is not null)
        {
            http.Response.Headers.RetryAfter = PollSeconds;
        }

        return Results.Json(Of(replay, part), ApiJson.Answers);
    }

    private static ApiReplay Of(ReplayRow replay, ChunkRow chunk) =>
        new()
        {
            Job = ApiIds.Write(ApiIds.Job, replay.JobId),
            Chunk = replay.ChunkIndex,
            Number = replay.Number,
            State = replay.State switch
            {
                ReplayState.Released => ReplayStep.Leased,
                ReplayState.Running => ReplayStep.Running,
                ReplayState.Failed => ReplayStep.Failed,
                _ => replay.DifferentFrames.Count == 0 ? ReplayStep.Same : ReplayStep.Different,
            },
            FramesDone = replay.FramesDone,
            FramesTotal = chunk.Range.Length,
            Worker = replay.WorkerId,
            AcceptedWorker = chunk.WorkerId,
            FramesHash = replay.FramesHash,
            AcceptedFramesHash = chunk.FramesHash,
            DifferentFrames = replay.DifferentFrames,
            Failure = replay.Failure is { } failure ? UploadAnswers.Of(failure) : null,
            CreateTime = replay.CreatedAt,
            EndTime = replay.EndedAt,
        };
}
