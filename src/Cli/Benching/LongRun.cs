using System.Diagnostics;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faces.Benching;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>
/// One long job, or many small ones, on one fleet, with a look at this process every so often: rate, memory, threads and handles must
/// stay as they are.
/// </summary>
/// <param name="seconds">The run is cut there, and says so.</param>
internal sealed class LongRun(BenchSettings settings, string folder, double seconds, Terminal terminal)
{
    /// <summary>Frames of the clip that a long video repeats.</summary>
    private const int LoopFrames = 500;
    private const int LooksOfJob = 120;

    private readonly MediaTools _tools = MediaTools.Locate();
    private readonly List<LongLook> _looks = [];
    private readonly Stopwatch _clock = new();
    private volatile int _done;

    /// <param name="frames">Of the one job.</param>
    /// <exception cref="FusionException">The job failed.</exception>
    public async Task<LongAnswer> FramesAsync(int frames, CancellationToken stop)
    {
        (JobRequest request, EmbeddedFleet started) = await StartAsync(
            clips => clips.Loop(Size, LoopFrames, frames),
            stop
        );
        await using EmbeddedFleet fleet = started;
        using CancellationTokenSource cut = Begin(stop);
        Task looking = LookAsync(TimeSpan.FromSeconds(Math.Max(0.2, seconds / LooksOfJob)), cut.Token);
        Guid job = await fleet.Jobs.SubmitAsync(request, stop);
        try
        {
            _ = await fleet.Jobs.WaitAsync(job, status => _done = status.FramesDone, cut.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            terminal.Note($"cut after {_clock.Elapsed.TotalSeconds:0} s");
        }

        await cut.CancelAsync();
        await looking;
        _ = await fleet.Jobs.CancelAsync(job, CancellationToken.None);
        // What came before the first frame is the start, not the run.
        return LongAnswer.Of("frames", frames, [.. _looks.Where(look => look.Done > 0).DefaultIfEmpty(Look())]);
    }

    /// <param name="jobs">One after the other, each of as many frames as the settings say.</param>
    /// <exception cref="FusionException">A job failed.</exception>
    public async Task<LongAnswer> JobsAsync(int jobs, CancellationToken stop)
    {
        (JobRequest request, EmbeddedFleet started) = await StartAsync(
            clips => clips.Make(Size, settings.Frames),
            stop
        );
        await using EmbeddedFleet fleet = started;
        using CancellationTokenSource cut = Begin(stop);
        while (_done < jobs && !cut.IsCancellationRequested)
        {
            Guid job = await fleet.Jobs.SubmitAsync(request with { JobId = Guid.NewGuid() }, stop);
            _ = await JobRun.WaitAsync(fleet, job, terminal, stop);
            _done++;
            _looks.Add(Look());
        }

        return LongAnswer.Of("jobs", jobs, _looks);
    }

    private BenchSize Size => settings.Sizes[0];

    private async Task<(JobRequest Request, EmbeddedFleet Fleet)> StartAsync(
        Func<BenchClip, string> make,
        CancellationToken stop
    )
    {
        string models = Directory.CreateDirectory(Path.Combine(folder, "models")).FullName;
        BenchNetworks.Write(settings.Networks, Installation.ModelsFolder(), models);
        Environment.SetEnvironmentVariable(Installation.ModelsVariable, models);
        BenchClip clips = new(_tools, folder);
        JobRequest request = new()
        {
            Target = make(clips),
            Sources = new Dictionary<string, IReadOnlyList<string>> { ["source"] = [clips.Photo()] },
            Recipe = settings.Recipe,
            Output = Path.Combine(folder, "result.mp4"),
        };
        EmbeddedFleet fleet = await EmbeddedFleet.StartAsync(
            _tools,
            Directory.CreateDirectory(Path.Combine(folder, $"long-{Guid.NewGuid():N}")).FullName,
            settings.Workers,
            settings.Device,
            terminal.Options.Verbose,
            stop
        );
        fleet.Load(request.Recipe);
        return (request, fleet);
    }

    private CancellationTokenSource Begin(CancellationToken stop)
    {
        _clock.Start();
        var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
        cut.CancelAfter(TimeSpan.FromSeconds(seconds));
        return cut;
    }

    private async Task LookAsync(TimeSpan every, CancellationToken stop)
    {
        using PeriodicTimer timer = new(every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                _looks.Add(Look());
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private LongLook Look()
    {
        const string Descriptors = "/proc/self/fd";
        using Process self = Process.GetCurrentProcess();
        return new LongLook(
            _clock.Elapsed.TotalSeconds,
            _done,
            self.WorkingSet64 / (double)(1 << 20),
            GC.GetTotalMemory(forceFullCollection: false) / (double)(1 << 20),
            self.Threads.Count,
            Directory.Exists(Descriptors) ? Directory.GetFileSystemEntries(Descriptors).Length : 0
        );
    }
}
