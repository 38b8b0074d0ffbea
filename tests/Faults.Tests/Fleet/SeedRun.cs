using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Faults.Tests.Checking;
using FaceFusion.Batch.Faults.Tests.Schedules;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>What became of one seed.</summary>
/// <param name="Schedule">Its faults.</param>
/// <param name="Struck">Those that came about before the job was over.</param>
/// <param name="Jobs">The job, and the cancelled one if there was one.</param>
/// <param name="Recovery">Longest time from a fault to the next accepted chunk or to the end.</param>
/// <param name="Elapsed">From submission to the end.</param>
internal sealed record SeedOutcome(
    FaultSchedule Schedule,
    IReadOnlyList<Fault> Struck,
    IReadOnlyList<Evidence> Jobs,
    TimeSpan Recovery,
    TimeSpan Elapsed
);

/// <summary>One job, and the faults of one seed while it runs.</summary>
internal sealed class SeedRun(FaultyFleet fleet, FaultSchedule schedule)
{
    private const int ChunkFrames = 8;

    /// <summary>Far above what any schedule asks for: a job that is not over then never ends.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly List<(DateTimeOffset At, Fault Fault)> _struck = [];

    public async Task<SeedOutcome> RunAsync(string clip)
    {
        string target = Path.Combine(fleet.Folder, $"target-{schedule.Seed}.mp4");
        // Bytes of its own, so that nothing found in an earlier target is used again.
        _ = VideoFacts.Ask(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-y",
            "-i",
            clip,
            "-c",
            "copy",
            "-metadata",
            $"comment=seed {schedule.Seed}",
            target
        );
        FaultThrower thrower = new(fleet);
        List<Fault> armed = [.. schedule.Faults.Where(thrower.Arm)];
        foreach (FleetProcess process in fleet.Processes)
        {
            process.Struck.Clear();
        }

        Guid job = await SubmitAsync(target);
        Guid? other = schedule.CancelAt is null ? null : await SubmitAsync(target);
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        JobWatch watch = new(fleet, job);
        using CancellationTokenSource over = new();
        Task faults = Task.WhenAll([
            .. schedule.Faults.Except(armed).Select(f => ThrowAsync(thrower, f, over.Token)),
            CancelAsync(other, over.Token),
        ]);
        await watch.RunAsync(faults, Longest);
        TimeSpan elapsed = TimeProvider.System.GetUtcNow() - start;
        await over.CancelAsync();
        await faults.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        AddArmed(armed);
        fleet.Mend();
        List<Evidence> jobs = [await ReadAsync(job, target, watch.Regressions, isCancelled: false)];
        if (other is { } cancelled)
        {
            jobs.Add(await ReadAsync(cancelled, target, [], isCancelled: true));
        }

        return new SeedOutcome(schedule, [.. _struck.Select(s => s.Fault)], jobs, RecoveryOf(watch.Steps), elapsed);
    }

    private async Task<Guid> SubmitAsync(string target)
    {
        string sha256 = await fleet.Intake.TakeTargetAsync(target, null, CancellationToken.None);
        JobRequest request = new()
        {
            JobId = Guid.NewGuid(),
            Target = target,
            Recipe = new Recipe
            {
                Processors = [new DebugStep { Mesh = false }],
                Encode = new EncodeSettings { Preset = "ultrafast" },
            },
            ChunkFrames = ChunkFrames,
        };
        return await fleet.Book.EnterAsync(request, null, sha256, [], CancellationToken.None);
    }

    /// <summary>A fault whose time has not come when the job is over does not happen.</summary>
    private async Task ThrowAsync(FaultThrower thrower, Fault fault, CancellationToken over)
    {
        await Task.Delay(TimeSpan.FromSeconds(fault.At), over);
        DateTimeOffset at = TimeProvider.System.GetUtcNow();
        if (await thrower.ThrowAsync(fault))
        {
            lock (_struck)
            {
                _struck.Add((at, fault));
            }
        }
    }

    /// <summary>As a Coordinator does it that dies before it tells the workers.</summary>
    private async Task CancelAsync(Guid? job, CancellationToken over)
    {
        if (job is not { } id)
        {
            return;
        }

        await Task.Delay(TimeSpan.FromSeconds(schedule.CancelAt ?? 0), over)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (true)
        {
            try
            {
                _ = await fleet.Ledger.EndAsync(id, Contracts.Values.JobState.Cancelled, null, CancellationToken.None);
                return;
            }
            catch (Exception e) when (DatabaseTrouble.Is(e))
            {
                await Task.Delay(200, CancellationToken.None);
            }
        }
    }

    private void AddArmed(List<Fault> armed)
    {
        foreach (FleetProcess process in fleet.Processes)
        {
            foreach ((DateTimeOffset at, string words) in process.Struck)
            {
                if (armed.Find(f => fleet.Find(f.Process) == process && FaultThrower.WordsOf(f) == words) is { } fault)
                {
                    _struck.Add((at, fault));
                }
            }
        }
    }

    private TimeSpan RecoveryOf(IReadOnlyList<DateTimeOffset> steps) =>
        _struck
            .Select(s => steps.Where(t => t > s.At).Select(t => t - s.At).DefaultIfEmpty(TimeSpan.Zero).Min())
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();

    private async Task<Evidence> ReadAsync(Guid job, string target, IReadOnlyList<string> regressions, bool isCancelled)
    {
        Evidence evidence = await EvidenceReader.ReadAsync(fleet, job, target);
        // Whoever publishes has won over whoever cancels.
        bool cameLate = isCancelled && evidence.Job.State == Contracts.Values.JobState.Succeeded;
        return evidence with { Regressions = regressions, IsCancelled = isCancelled && !cameLate };
    }
}
