using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Simulating;
using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Coordinator.Tests.Simulating;

/// <summary>A simulated fleet against what can be worked out by hand.</summary>
public sealed class FleetSimulatorTests
{
    private static readonly Troubles None = new()
    {
        WorkerSpread = 0,
        ChunkSpread = 0,
        StragglerShare = 0,
    };

    private static readonly StageCosts Plain = new()
    {
        Prepare = 2,
        PreparePerFrame = 0,
        Scan = 3,
        ScanPerFrame = 0,
        Hop = 0,
        Chunk = 1,
        Frame = 0.1,
        MarginFrames = 0,
        Assemble = 4,
        AssemblePerFrame = 0,
        ColdStart = 0,
    };

    private static readonly Scenario One = new()
    {
        Workers = 1,
        Jobs = 1,
        Tenants = 1,
        Priorities = [new(0, 1)],
        FramesMedian = 1000,
        FramesSpread = 0,
        ChunkFrames = 100,
        Costs = Plain,
        Troubles = None,
    };

    [Theory]
    [InlineData(1, 110)]
    [InlineData(2, 55)]
    [InlineData(3, 44)]
    [InlineData(10, 11)]
    [InlineData(64, 11)]
    public void Run_OneJobWithoutChance_TakesItsStagesAndRounds(int workers, double fusing)
    {
        SimulatedRun run = FleetSimulator.Run(One with { Workers = workers });

        Assert.Equal(2 + 3 + fusing + 4, run.Makespan, 6);
        Assert.Equal(10, run.Commits);
        Assert.Equal(110 / 3600.0, run.BusyHours, 9);
        Assert.Equal(0, run.WastedHours);
        Assert.Equal(workers * run.Makespan / 3600, run.SlotHours, 9);
    }

    [Fact]
    public void Run_SlotsThatShareCores_GoOnAtTheirPace()
    {
        Scenario shared = One with { Workers = 4, ChunkFrames = 250, Cores = 2 };

        // Stages alone have a core each; four chunks of 26 core seconds then share two.
        Assert.Equal(2 + 3 + 52 + 4, FleetSimulator.Run(shared).Makespan, 6);
        Assert.Equal((2 + 3 + 4) / 1.6 + 52, FleetSimulator.Run(shared with { CoresPerChunk = 1.6 }).Makespan, 6);
    }

    [Fact]
    public void Run_OneServerAndRandomArrivals_WaitAsQueueingTheorySays()
    {
        const double Service = 11;
        const double Load = 0.7;
        Scenario queue = One with
        {
            Jobs = 60_000,
            JobsPerHour = 3600 * Load / Service,
            FramesMedian = 100,
            Costs = Plain with { Prepare = 0, Scan = 0, Assemble = 0 },
        };

        double wait = FleetSimulator.Run(queue).ByPriority.Single().WaitMean;

        // Pollaczek and Khinchine, for service times that are all alike.
        Assert.Equal(1, wait / (Load * Service / (2 * (1 - Load))), 0.06);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    public void Run_AmongPreemptionsFailuresAndStragglers_AcceptsEveryChunkOnce(double notice)
    {
        Scenario rough = One with
        {
            Workers = 20,
            SlotsPerWorker = 2,
            Jobs = 200,
            Tenants = 5,
            Costs = Plain with { ColdStart = 20, Hop = 0.1 },
            Troubles = new Troubles
            {
                PreemptionsPerWorkerHour = 20,
                NoticeSeconds = notice,
                StragglerShare = 0.02,
                FailureShare = 0.02,
            },
        };

        SimulatedRun run = FleetSimulator.Run(rough);

        Assert.Equal(0, run.Failed);
        Assert.Equal(200 * ChunkPlanner.Plan(1000, 100).Count, run.Commits);
        Assert.Equal(200 * 1000, run.Frames);
        Assert.Equal(run.Attempts, run.Commits + run.Ended.Values.Sum());
        Assert.True(run.Preemptions > 20, $"{run.Preemptions} preemptions");
        Assert.True(run.Ended["failed"] > 10);
        // With a notice longer than a chunk nothing is lost; without one every lease has to run out.
        Assert.Equal(notice == 0, run.Ended.GetValueOrDefault("lost") > 10);
        Assert.InRange(run.WastedHours, 1e-3, run.BusyHours / 5);
        Assert.True(run.SlotHours > run.BusyHours);
    }

    [Fact]
    public void Run_ALostWorker_CostsTheLeaseAndTheChunkAgain()
    {
        Scenario lost = One with
        {
            Workers = 2,
            FramesMedian = 40_000,
            ChunkFrames = 20_000,
            Troubles = None with { PreemptionsPerWorkerHour = 1, NoticeSeconds = 0, ReplacementSeconds = 0 },
        };

        SimulatedRun run = Enumerable
            .Range(1, 200)
            .Select(seed => FleetSimulator.Run(lost with { Seed = (ulong)seed }))
            .First(run => run.Preemptions == 1 && run.Ended.GetValueOrDefault("lost") == 1);

        // The chunk begins anew between 15 (last word just sent, and the one before it 5 s old) and 22 s (a sweep later) after the loss.
        double waste = run.WastedHours * 3600;
        Assert.InRange(run.Makespan - (2 + 3 + 2001 + 4) - waste, 15, 22.001);
    }

    [Fact]
    public void Run_AChunkThatNeverWorks_IsQuarantinedAndItsJobFails()
    {
        SimulatedRun run = FleetSimulator.Run(
            One with
            {
                Workers = 5,
                Jobs = 40,
                Troubles = None with { FailureShare = 0.6 },
            }
        );

        Assert.InRange(run.Failed, 20, 40);
        Assert.Equal(40, run.Succeeded + run.Failed);
        Assert.Equal(run.Attempts, run.Commits + run.Ended.Values.Sum());
    }

    [Fact]
    public void Run_SmallTenantBesideACrowd_DoesNotWaitForIt()
    {
        Scenario crowd = One with { Workers = 10, Jobs = 500, Tenants = 2, TenantSkew = 5 };

        IReadOnlyList<WaitGroup> tenants = FleetSimulator.Run(crowd).ByTenant;

        Assert.Equal(2, tenants.Count);
        Assert.True(tenants[1].Jobs < tenants[0].Jobs / 5);
        Assert.True(tenants[1].Turnaround95 < tenants[0].Turnaround95 / 3, $"{tenants[1]} beside {tenants[0]}");
    }

    [Fact]
    public void Run_UrgentJobs_WaitForNoMoreThanTheWindow()
    {
        Scenario mixed = One with { Workers = 10, Jobs = 400, Priorities = [new(0, 0.97), new(9, 0.03)] };

        WaitGroup urgent = FleetSimulator.Run(mixed).ByPriority.Single(group => group.Name == "9");

        Assert.InRange(urgent.WaitLongest, 5, 60);
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameFigures_AndAnotherOthers()
    {
        Scenario chance = new()
        {
            Jobs = 60,
            Workers = 7,
            JobsPerHour = 500,
        };
        string first = JsonSerializer.Serialize(FleetSimulator.Run(chance));

        Assert.Equal(first, JsonSerializer.Serialize(FleetSimulator.Run(chance)));
        Assert.NotEqual(first, JsonSerializer.Serialize(FleetSimulator.Run(chance with { Seed = 2 })));
    }

    [Fact]
    public void Run_FleetThatScales_GoesFromZeroToTheLoadAndBack()
    {
        Scenario burst = One with
        {
            Workers = 0,
            Jobs = 30,
            Costs = Plain with { ColdStart = 60 },
            Scaling = new ScalingPolicy { Most = 12, SecondsPerWorker = 60 },
        };

        SimulatedRun run = FleetSimulator.Run(burst);

        Assert.Equal(0, run.Failed);
        Assert.Equal(12, run.Workers);
        Assert.Equal(0, run.Scaling[^1].Workers);
        Assert.Equal(run.Attempts, run.Commits);
        // Never sooner than the autoscaler's window after the last job.
        Assert.True(run.Scaling[^1].At > run.Makespan + 250);
    }

    [Fact]
    public void Run_HalfTheMediaCoordinators_TakesTwiceAsLongToPrepare()
    {
        Scenario slow = One with { Workers = 100, Jobs = 400, Costs = Plain with { Prepare = 10 } };
        double two = FleetSimulator.Run(slow with { MediaCoordinators = 2 }).Makespan;
        double four = FleetSimulator.Run(slow with { MediaCoordinators = 4 }).Makespan;

        Assert.InRange(two / four, 1.9, 2.1);
    }

    [Theory]
    [InlineData("{\"workers\":0}")]
    [InlineData("{\"costs\":{\"frame\":0}}")]
    [InlineData("{\"priorities\":[]}")]
    [InlineData("{\"worker\":1}")]
    [InlineData("{\"costs\":null}")]
    [InlineData("{\"troubles\":null}")]
    [InlineData("{\"priorities\":null}")]
    [InlineData("{\"priorities\":[null]}")]
    [InlineData("null")]
    [InlineData("{")]
    public void Read_ScenarioThatMeansNothing_IsRefused(string json)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, json);

        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() => ScenarioFile.Read(path));

        File.Delete(path);
        Assert.Equal("scenario-invalid", refused.Code);
    }

    [Theory]
    [InlineData(18_000, 4, 30)]
    [InlineData(18_000, 16, 30)]
    [InlineData(216_000, 16, 10)]
    [InlineData(18_000, 64, 10)]
    public void OfChunks_BestLength_IsTheFormulas(int frames, int workers, double framesPerSecond)
    {
        Scenario scenario = One with
        {
            FramesMedian = frames,
            Workers = workers,
            Costs = Plain with { Chunk = 2, Frame = 1 / framesPerSecond },
            Troubles = None with { WorkerSpread = 0.15, ChunkSpread = 0.1 },
        };

        Sweep sweep = Sweep.OfChunks(scenario);

        SweepPoint atOptimum = sweep.Points.MinBy(point => Math.Abs(Math.Log(point.Value / sweep.Optimum!.Value)));
        Assert.InRange(atOptimum.Makespan / sweep.Best.Makespan, 1, 1.12);
        // And the valley has sides.
        Assert.True(sweep.Points[^1].Makespan > 1.03 * sweep.Best.Makespan);
        Assert.True(sweep.Points[0].Makespan > 1.1 * sweep.Best.Makespan);
    }
}
