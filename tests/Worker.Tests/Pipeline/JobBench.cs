using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Planning;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.Worker.Benching;
using FaceFusion.Batch.Worker.Consumers;
using FaceFusion.Batch.Worker.Observing;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Scanning;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>A target and its sources on disk, scanned once; runs chunks of it through the real pipeline without bus or database.</summary>
internal sealed class JobBench : IDisposable
{
    private static readonly Lazy<FaceModels> BuiltIn = new(() =>
        FaceModels.Load(Path.Combine(Footage.SolutionFolder(), "models"))
    );
    private static readonly Lazy<MediaTools> LazyTools = new(() => MediaTools.Locate());

    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-worker-").FullName;
    private readonly string _target;
    private readonly Recipe _recipe;
    private readonly SourcePhotos[] _photos;
    private readonly VideoFormat _format;
    private readonly WorkMeter _meter = new(
        new RunningAttempts(),
        new WorkerOptions { ScratchFolder = "", ModelsFolder = "" }
    );
    private readonly ChunkWork _chunks;

    public JobBench(string target, Recipe recipe, params string[] photos)
        : this(target, recipe, BuiltIn.Value, photos) { }

    /// <param name="models">The worker's; disposed of by whoever made them.</param>
    public JobBench(string target, Recipe recipe, FaceModels models, params string[] photos)
        : this(target, recipe, models, lanes: 1, photos) { }

    /// <param name="models">The worker's; disposed of by whoever made them; null: the built-in ones on the CPU.</param>
    /// <param name="lanes">Threads of each stage of a chunk; those that fuse are all that chunks at a time have together.</param>
    public JobBench(string target, Recipe recipe, FaceModels? models, int lanes, params string[] photos)
    {
        models ??= BuiltIn.Value;
        _target = target;
        _recipe = recipe;
        _photos = photos.Length == 0 ? [] : [new SourcePhotos("source", photos, [.. photos])];
        var sources = new SourceCache(models, LazyTools.Value);
        _chunks = new ChunkWork(models, LazyTools.Value, sources, _meter, "bench", new LaneCounts(lanes, lanes, lanes));
        ProbedVideo video = new VideoProbe(LazyTools.Value).Read(target);
        _format = video.Format;
        Table = new FrameTableBuilder(LazyTools.Value).Build(target, video).Table;
        Table.Save(InFolder("table"));
        var scan = new ScanWork(models, LazyTools.Value, sources, "bench");
        Scanned = scan.Run(ScanOrder(), ScanPaths(), _ => { }, CancellationToken.None);
        Scan = ChunkWork.ReadScan(InFolder("scan.json"));
    }

    public static MediaTools Tools => LazyTools.Value;

    public FrameTable Table { get; }

    public VideoFormat Format => _format;

    public VideoScanned Scanned { get; }

    public ScanResult Scan { get; }

    public string InFolder(string name) => Path.Combine(_folder, name);

    /// <summary>Runs every chunk of the given length, so many at a time, and returns the hash of every frame before encoding.</summary>
    public IReadOnlyList<string> FrameHashes(
        int chunkFrames,
        int slots = 1,
        IReadOnlyList<SidecarFile>? sidecars = null
    )
    {
        IReadOnlyList<FrameRange> plan = ChunkPlanner.Plan(Table.Count, chunkFrames);
        var reports = new ChunkReport[plan.Count];
        Parallel.For(
            0,
            plan.Count,
            new ParallelOptions { MaxDegreeOfParallelism = slots },
            i => reports[i] = Run(i, plan[i], $"c{chunkFrames}-s{slots}-{i}", sidecars ?? []).Report
        );
        return [.. reports.SelectMany(r => r.FrameHashes)];
    }

    public (ChunkFused Fused, ChunkReport Report) Run(
        int index,
        FrameRange range,
        string name,
        IReadOnlyList<SidecarFile> sidecars,
        Action<int>? onFramesDone = null,
        CancellationToken stop = default
    )
    {
        ChunkFiles files = new()
        {
            Target = _target,
            FrameTable = InFolder("table"),
            Scan = InFolder("scan.json"),
            Sources = _photos,
            Sidecars = sidecars,
            Segment = InFolder(name + ".mp4"),
            Sidecar = InFolder(name + ".sidecar"),
            Report = InFolder(name + ".json"),
        };
        ChunkFused fused = _chunks.Run(Order(index, range), files, onFramesDone ?? (_ => { }), stop);
        using FileStream stream = File.OpenRead(files.Report);
        ChunkReport report = System.Text.Json.JsonSerializer.Deserialize<ChunkReport>(
            stream,
            System.Text.Json.JsonSerializerOptions.Web
        )!;
        return (fused, report);
    }

    public void Dispose()
    {
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private FuseChunk Order(int index, FrameRange range) =>
        LocalOrders.Fuse(index, range, _format, _recipe, Scanned.PipelineKey);

    private ScanVideo ScanOrder() => LocalOrders.Scan(_format, _recipe);

    private ScanFiles ScanPaths() =>
        new()
        {
            Target = _target,
            FrameTable = InFolder("table"),
            Sources = _photos,
            Scan = InFolder("scan.json"),
            Sheet = InFolder("sheet.png"),
        };
}
