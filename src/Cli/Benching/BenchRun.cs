using System.Diagnostics;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faces.Benching;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Benching;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>
/// Measures on clips that it makes. Whole job, pipe and stages take turns within a repeat, so that whatever else the machine does meets
/// all of them; figures are medians.
/// </summary>
internal sealed class BenchRun(BenchSettings settings, string folder, Terminal terminal)
{
    private const int SwapperMilliseconds = 1500;

    /// <summary>Frames of the first turn, which is not counted; shorter clips run whole there, job and all.</summary>
    private const int WarmFrames = 1200;
    private static readonly int[] SwapperBatches = [1, 8, 16, 32];

    private readonly MediaTools _tools = MediaTools.Locate();

    /// <exception cref="FusionException">Something of the job failed.</exception>
    public async Task<BenchAnswer> RunAsync(CancellationToken stop)
    {
        string models = Directory.CreateDirectory(Path.Combine(folder, "models")).FullName;
        terminal.Note($"making networks ({settings.Networks})");
        BenchNetworks.Write(settings.Networks, Installation.ModelsFolder(), models);
        if (settings.Preset is not null)
        {
            // The embedded fleet of the whole job finds its models as every process of the product does.
            Environment.SetEnvironmentVariable(Installation.ModelsVariable, models);
        }

        BenchClip clips = new(_tools, folder);
        string photo = clips.Photo();
        InferenceDevice device = InferenceDevice.Open(settings.Device);
        terminal.Note($"frames are decoded by {DecodingChoice.Make(_tools, device.Plan)}");
        using FaceModels loaded = FaceModels.Load(models, device);
        IReadOnlyDictionary<string, double> swapper = SwapperRates(loaded);
        List<BenchResult> results = [];
        foreach (BenchSize size in settings.Sizes)
        {
            terminal.Note($"{size.Name}: making the clip");
            string clip = clips.Make(size, settings.Frames);
            results.Add(await MeasureAsync(size, clip, photo, clips, loaded, stop));
        }

        return new BenchAnswer
        {
            RatioToBound = results.Min(r => r.RatioToBound),
            RatioToPipe = results.Min(r => r.RatioToPipe),
            Networks = $"{settings.Networks}",
            Device = $"{device.Plan}",
            Runtime = InferenceRuntime.Describe(),
            Ffmpeg = _tools.VersionText,
            Cores = Environment.ProcessorCount,
            Frames = settings.Frames,
            Repeat = settings.Repeat,
            Encoder = settings.Preset is null ? "null" : $"libx264 {settings.Preset}",
            SwapperAlone = swapper,
            RatioToSwapper = settings.Networks is BenchNetworkKind.Free or BenchNetworkKind.BuiltIn
                ? null
                : results.Max(r => r.Job) / swapper.Values.Max(),
            Results = results,
            PeakMebibytes = Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20),
        };
    }

    private Dictionary<string, double> SwapperRates(FaceModels models)
    {
        Dictionary<string, double> rates = [];
        if (settings.Networks is BenchNetworkKind.Inswapper or BenchNetworkKind.InswapperHalf)
        {
            bool isAccelerated = models.Device.Plan.Device != DeviceWish.Cpu;
            foreach (int batch in isAccelerated ? SwapperBatches : [1])
            {
                terminal.Note($"the swapper alone, {batch} at a time");
                rates[$"{batch}"] = NetworkSpeed.Swapper(
                    models.Sessions,
                    BenchNetworks.SwapperId,
                    batch,
                    SwapperMilliseconds
                );
            }
        }

        return rates;
    }

    private async Task<BenchResult> MeasureAsync(
        BenchSize size,
        string clip,
        string photo,
        BenchClip clips,
        FaceModels models,
        CancellationToken stop
    )
    {
        string scratch = Directory.CreateDirectory(Path.Combine(folder, $"chunks-{size.Name}")).FullName;
        Recipe recipe = settings.Recipe;
        int crf = EncoderChoice.For(new VideoProbe(_tools).Read(clip, stop).Format, recipe.Encode, _tools).Crf;
        using ChunkBench bench = new(
            models,
            _tools,
            clip,
            recipe,
            photo,
            scratch,
            settings.Workers,
            settings.ChunkFrames
        );
        List<double> pipes = [];
        List<double> jobs = [];
        List<double> chunks = [];
        List<double> pipeCpu = [];
        List<CpuUse> jobCpu = [];
        Dictionary<string, List<double>> alone = [];
        IReadOnlyDictionary<string, double> cpu = new Dictionary<string, double>();
        IReadOnlyDictionary<string, ChildRuns> children = new Dictionary<string, ChildRuns>();
        IReadOnlyList<BenchPhase> phases = [];
        GpuUse? gpu = null;
        // The first turn is for the just-in-time compiler and the disk's cache; it is not counted.
        for (int turn = 0; turn <= settings.Repeat; turn++)
        {
            bool isShort = settings.Frames <= WarmFrames;
            bench.Within = turn == 0 ? WarmFrames : null;
            terminal.Note(turn == 0 ? $"{size.Name}: warming up" : $"{size.Name}: turn {turn} of {settings.Repeat}");
            CpuUse beforePipe = CpuUse.Now();
            double? pipe =
                settings.WholeOnly || (turn == 0 && !isShort)
                    ? null
                    : settings.Frames / clips.Pipe(clip, size, settings.Preset, crf);
            double pipeSeconds = CpuUse.Now().Since(beforePipe).Children;
            Dictionary<string, double> stages = settings.WholeOnly ? [] : Stages(bench, stop);
            using GpuWatch watch = new();
            CpuUse beforeWhole = CpuUse.Now();
            (double whole, IReadOnlyDictionary<string, double> spent) = bench.Whole(settings.Preset is not null, stop);
            double job = whole;
            CpuUse jobSeconds = CpuUse.Now().Since(beforeWhole);
            if (settings.Preset is not null && (turn > 0 || isShort))
            {
                using ChildWatch started = new();
                (job, spent, jobSeconds, phases) = await JobAsync(clip, photo, recipe, turn, stop);
                children = started.Runs;
            }

            if (turn == 0)
            {
                continue;
            }

            gpu = watch.Use;
            cpu = spent;
            jobs.Add(job);
            chunks.Add(whole);
            if (pipe is { } rate)
            {
                pipes.Add(rate);
                pipeCpu.Add(pipeSeconds);
            }

            jobCpu.Add(jobSeconds);
            foreach ((string stage, double perSecond) in stages)
            {
                _ = alone.TryAdd(stage, []);
                alone[stage].Add(perSecond);
            }
        }

        Dictionary<string, double> stageRates = alone.ToDictionary(s => s.Key, s => Median(s.Value));
        (string? slowest, double bound) = stageRates.Count == 0 ? default : stageRates.MinBy(s => s.Value);
        double? known = slowest is null ? null : bound;
        double atMost = Environment.ProcessorCount * 1000.0 * settings.Frames / cpu.Values.Sum();
        return new BenchResult
        {
            Size = size.Name,
            Chunks = bench.Chunks,
            Lanes = bench.Lanes,
            Job = Median(jobs),
            Jobs = jobs,
            ChunksOnly = Median(chunks),
            Alone = stageRates,
            BoundStage = slowest,
            Bound = known,
            RatioToBound = Median(jobs) / known,
            CoresBound = atMost,
            RatioToCores = jobs[^1] / atMost,
            Pipe = pipes.Count == 0 ? null : Median(pipes),
            Pipes = pipes,
            RatioToPipe = pipes.Count == 0 ? null : Median([.. jobs.Zip(pipes, (j, p) => j / p)]),
            PipeCpu = pipes.Count == 0 ? 0 : Median(pipeCpu),
            JobCpu = Median([.. jobCpu.Select(c => c.Seconds)]),
            OwnCpu = Median([.. jobCpu.Select(c => c.Own)]),
            Children = children,
            Phases = phases,
            CpuMilliseconds = cpu.ToDictionary(s => s.Key, s => s.Value / settings.Frames),
            Batches = models.Device.Batches,
            Models = [.. models.Device.Places.Values.Select(place => $"{place}")],
            Gpu = gpu,
        };
    }

    private Dictionary<string, double> Stages(ChunkBench bench, CancellationToken stop)
    {
        Dictionary<string, double> stages = new()
        {
            ["decode"] = bench.Decode(stop),
            ["analyse"] = bench.Analyse(stop),
            ["fuse"] = bench.Fuse(stop),
        };
        if (settings.Preset is not null)
        {
            stages["encode"] = bench.Encode(stop);
        }

        return stages;
    }

    /// <summary>A job of a fleet that has just been started, so that it knows nothing of the target.</summary>
    private async Task<(
        double Rate,
        IReadOnlyDictionary<string, double> Stages,
        CpuUse Cpu,
        IReadOnlyList<BenchPhase> Phases
    )> JobAsync(string clip, string photo, Recipe recipe, int turn, CancellationToken stop)
    {
        string work = Path.Combine(folder, $"work-{Path.GetFileNameWithoutExtension(clip)}-{turn}");
        if (Directory.Exists(work))
        {
            // A kept folder has the job of an earlier run: its answer would be there at once.
            Directory.Delete(work, recursive: true);
        }

        await using EmbeddedFleet fleet = await EmbeddedFleet.StartAsync(
            _tools,
            work,
            settings.Workers,
            settings.Device,
            terminal.Options.Verbose,
            stop
        );
        fleet.Load(recipe);
        CpuUse before = CpuUse.Now();
        using PhaseWatch watch = new();
        long start = Stopwatch.GetTimestamp();
        Guid job = await fleet.Jobs.SubmitAsync(
            new JobRequest
            {
                Target = clip,
                Sources = new Dictionary<string, IReadOnlyList<string>> { ["source"] = [photo] },
                Recipe = recipe,
                Output = Path.Combine(folder, "result.mp4"),
                ChunkFrames = settings.ChunkFrames,
            },
            stop
        );
        _ = await JobRun.WaitAsync(fleet, job, terminal, stop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        IReadOnlyList<BenchPhase> phases = watch.UntilNow(job);
        CpuUse cpu = CpuUse.Now().Since(before);
        JobReport report = (await fleet.Jobs.ReadReportAsync(job, stop))!.Report;
        return (settings.Frames / seconds, report.StageMilliseconds, cpu, phases);
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
