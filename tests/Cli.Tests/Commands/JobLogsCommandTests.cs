using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class JobLogsCommandTests
{
    [Fact]
    public async Task Logs_OfAJobThatFails_TellOfEveryAttempt_WithItsTimesAndReasons()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string[] files = ["--source", Files.Photo, "--target", Files.TinyClip];
        string id = (await fleet.RunAsync(key, ["submit", .. files])).Output.Trim();
        var job = Guid.ParseExact(id["job_".Length..], "N");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        JobEventRow Told(JobEventKind kind, int attempt, string? code) =>
            new()
            {
                JobId = job,
                At = now,
                Kind = kind,
                ChunkIndex = 7,
                Attempt = attempt,
                WorkerId = "w1",
                Code = code,
            };
        AttemptRow Tried(int attempt, AttemptOutcome outcome, Failure? failure) =>
            new()
            {
                JobId = job,
                ChunkIndex = 7,
                Attempt = attempt,
                ReleasedAt = now,
                WorkerId = "w1",
                Outcome = outcome,
                Failure = failure,
            };
        Failure why = new(FailureKind.ModelFault, "model-changed", "The \u001b[31mmodel file is another.", false);
        IDbContextFactory<JobsDbContext> contexts = fleet.Get<IDbContextFactory<JobsDbContext>>();
        await using (JobsDbContext context = await contexts.CreateDbContextAsync(Stop))
        {
            if (!await context.Chunks.AnyAsync(c => c.JobId == job && c.Index == 7, Stop))
            {
                _ = context.Chunks.Add(
                    new ChunkRow
                    {
                        JobId = job,
                        Index = 7,
                        Start = 0,
                        End = 9,
                    }
                );
            }

            context.Attempts.AddRange(Tried(1, AttemptOutcome.Failed, why), Tried(2, AttemptOutcome.Fused, null));
            _ = await context.SaveChangesAsync(Stop);
            JobEventRow[] told =
            [
                Told(JobEventKind.ChunkFailed, 1, why.Code),
                Told(JobEventKind.ChunkSucceeded, 2, null),
            ];
            await context.AddEventsAsync(told, Stop);
            _ = await context.SaveChangesAsync(Stop);
        }

        ChunkReport report = new()
        {
            ChunkIndex = 7,
            Range = new FrameRange(0, 9),
            WorkerId = "w1",
            FrameHashes = [],
            FacesFound = [],
            FacesFused = [],
            Missed = new Dictionary<int, int>(),
            Identity = [],
            Crops = [],
            StageMilliseconds = new Dictionary<string, double> { ["decode"] = 1200, ["fuse"] = 8000 },
            WallMilliseconds = 4560,
        };
        using MemoryStream content = new(JsonSerializer.SerializeToUtf8Bytes(report, JsonSerializerOptions.Web));
        _ = await fleet.Get<IBlobStore>().PutAsync(BlobNames.ChunkReport(job, 7, 2, Guid.Empty), content, Stop);

        Run logs = await fleet.RunAsync(key, "jobs", "logs", id);
        Run one = await fleet.RunAsync(key, "jobs", "logs", id, "--chunk", "7", "--output-format", "jsonl");

        Assert.Equal(ExitCode.Ok, logs.Exit);
        Assert.Matches("job.state_changed +queued", logs.Lines[0]);
        string failed = logs.Lines.Single(l => l.Contains("chunk.failed", StringComparison.Ordinal));
        Assert.Matches("chunk 7  attempt 1  on w1  model-changed: The .*model file is another.$", failed);
        Assert.DoesNotContain('\u001b', failed);
        string fused = logs.Lines.Single(l => l.Contains("chunk.succeeded", StringComparison.Ordinal));
        Assert.EndsWith(
            "chunk 7  attempt 2  on w1  4.6 s  (fuse 8.0 s, decode 1.2 s)",
            fused,
            StringComparison.Ordinal
        );
        Assert.Equal(2, one.Lines.Length);
        Assert.Contains("\"wallSeconds\":4.56", one.Lines[1], StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotFound, (await fleet.RunAsync(key, "jobs", "logs", "job_none")).Exit);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
