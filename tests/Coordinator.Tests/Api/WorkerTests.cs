using FaceFusion.Batch.Contracts.Api.Models;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>The fleet and its models as an operator reads them over HTTP.</summary>
public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Workers_AreListedAsTheyReport_AndDrainedAndResumed(string database)
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock);
        LiveWorkers live = host.Get<LiveWorkers>();
        await live.ReportAsync(new WorkerReported("gone", 2, 1), default);
        await live.ReportAsync(new WorkerReported("ended", 0, 0), default);
        clock.Advance(TimeSpan.FromSeconds(21));
        await live.ReportAsync(new WorkerReported("a:b", 2, 0), default);
        await live.ReportAsync(new WorkerReported("a:b", 2, 1, Device: "cuda:0: a card"), default);
        await live.ReportAsync(new WorkerReported("idle", 1, 0), default);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        HttpClient operators = await host.ClientAsync("acme", ApiScope.Workers);

        foreach (string worker in new[] { "a:b", "idle" })
        {
            HttpResponseMessage drained = await operators.PostAsync($"/v1/workers/{worker}:drain", null);
            Assert.True((await drained.ReadAsync<ApiWorker>()).Draining);
        }

        ApiWorkerList all = await (await operators.GetAsync("/v1/workers")).ReadAsync<ApiWorkerList>();
        Assert.Equal(
            [
                ("a:b", WorkerStep.Draining, 2, 1, 1.5),
                ("ended", WorkerStep.Stopped, 0, 0, 22.5),
                ("gone", WorkerStep.Lost, 2, 1, 22.5),
                ("idle", WorkerStep.Drained, 1, 0, 1.5),
            ],
            all.Workers.Select(w => (w.Id, w.State, w.Slots, w.Busy, w.HeartbeatAgeSeconds))
        );
        Assert.Equal(["cuda:0: a card", null, null, null], all.Workers.Select(w => w.Device));
        for (int i = 0; i < 2; i++)
        {
            HttpResponseMessage resumed = await operators.PostAsync("/v1/workers/a:b:resume", null);
            Assert.Equal(WorkerStep.Live, (await resumed.ReadAsync<ApiWorker>()).State);
        }

        Assert.Equal((404, "NOT_FOUND"), await (await operators.PostAsync("/v1/workers/x:drain", null)).ProblemAsync());
        Assert.Equal((404, "NOT_FOUND"), await (await operators.GetAsync("/v1/workers/x")).ProblemAsync());
        HttpClient user = await host.ClientAsync("acme", ApiScope.ReadJobs, ApiScope.WriteJobs);
        Assert.Equal((403, "FORBIDDEN"), await (await user.GetAsync("/v1/workers")).ProblemAsync());
        Assert.Equal((403, "FORBIDDEN"), await (await user.GetAsync("/v1/scaling")).ProblemAsync());
        ApiScaling scaling = await (await operators.GetAsync("/v1/scaling")).ReadAsync<ApiScaling>();
        Assert.Equal(
            (0, 0, 1, 2, 1),
            (scaling.OwedSeconds, scaling.UnplannedJobs, scaling.Workers, scaling.Slots, scaling.BusySlots)
        );
        Assert.Equal((403, "FORBIDDEN"), await (await user.PostAsync("/v1/workers/idle:resume", null)).ProblemAsync());
    }

    [Fact]
    public async Task Worker_ShowsTheChunksOfWhoeverAsks_AndOnlyThose()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        await host.Get<LiveWorkers>().ReportAsync(new WorkerReported("w1", 2, 1), default);
        string job = (await host.Acme.DebugJobAsync()).Id;
        await Deadline.UntilAsync(
            async () => (await host.Acme.GetAsync($"/v1/jobs/{job}/chunks/2")).IsSuccessStatusCode,
            "chunks"
        );
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            _ = await context
                .Chunks.Where(c => c.Index == 1)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(c => c.State, ChunkState.Running)
                        .SetProperty(c => c.WorkerId, "w1")
                        .SetProperty(c => c.Attempt, 4)
                        .SetProperty(c => c.FramesDone, 3)
                );
        }

        ApiWorker mine = await (await host.Acme.GetAsync("/v1/workers/w1")).ReadAsync<ApiWorker>();
        ApiWorker theirs = await (await host.Other.GetAsync("/v1/workers/w1")).ReadAsync<ApiWorker>();

        Assert.Equal([new ApiRunningChunk(job, 1, 4, 3, 10)], mine.Running!);
        Assert.Empty(theirs.Running!);
    }

    [Fact]
    public async Task Models_AreTheCatalogue()
    {
        string models = Path.Combine(Footage.SolutionFolder(), "models");
        await using ApiHost host = await ApiHost.OpenAsync(_folder, coordinator: o => o with { ModelsFolder = models });

        ApiModelList all = await (await host.Acme.GetAsync("/v1/models")).ReadAsync<ApiModelList>();
        ApiModel one = await (await host.Acme.GetAsync("/v1/models/detector-full-range")).ReadAsync<ApiModel>();

        Assert.Equal(("detector", "Apache-2.0", "permissive"), (one.Role, one.Licence, one.LicenceClass));
        Assert.Equal(
            Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(
                    await File.ReadAllBytesAsync(Path.Combine(models, "detector-full-range.onnx"))
                )
            ),
            one.Sha256
        );
        Assert.Contains(all.Models, m => m.Id == one.Id);
        Assert.Equal(["crossface_ghost", "arcface"], all.Models.Single(m => m.Id == "ghost_1_256").Needs);
        Assert.Equal(404, (int)(await host.Acme.GetAsync("/v1/models/detector")).StatusCode);
    }
}
