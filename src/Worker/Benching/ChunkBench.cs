using System.Diagnostics;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Planning;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Consumers;
using FaceFusion.Batch.Worker.Observing;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Scanning;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Benching;

/// <summary>Frames a second of the chunks of a target: the whole of them without bus, database and joining, and each stage alone.</summary>
public sealed class ChunkBench : IDisposable
{
    private readonly FaceModels _models;
    private readonly MediaTools _tools;
    private readonly string _target;
    private readonly Recipe _recipe;
    private readonly string _folder;
    private readonly SourcePhotos[] _photos;
    private readonly VideoFormat _format;
    private readonly SourceCache _sources;
    private readonly FrameTable _table;
    private readonly string _key;
    private readonly IReadOnlyList<FrameRange> _plan;
    private readonly WorkMeter _meter;
    private readonly FramePool _samples;
    private readonly LaneShare _share;
    private readonly List<Frame> _frames = [];

    /// <param name="models">The networks; disposed of by their owner.</param>
    /// <param name="tools">ffmpeg and ffprobe.</param>
    /// <param name="target">The video.</param>
    /// <param name="recipe">What is done to it.</param>
    /// <param name="photo">Of the identity <c>source</c>.</param>
    /// <param name="folder">Receives what the chunks write.</param>
    /// <param name="chunks">How many run at a time.</param>
    /// <param name="chunkFrames">Frames of each; null: as the Coordinator would cut the video for so many slots.</param>
    /// <exception cref="Contracts.Errors.FusionException">The target, the photo or a model is of no use.</exception>
    public ChunkBench(
        FaceModels models,
        MediaTools tools,
        string target,
        Recipe recipe,
        string photo,
        string folder,
        int chunks,
        int? chunkFrames = null
    )
    {
        _models = models;
        _tools = tools;
        _target = target;
        _recipe = recipe;
        _folder = folder;
        _photos = [new SourcePhotos("source", [photo], [photo])];
        _sources = new SourceCache(models, tools);
        _meter = new WorkMeter(
            new RunningAttempts(),
            new WorkerOptions { ScratchFolder = folder, ModelsFolder = folder }
        );
        ListedVideo listed = new VideoProbe(tools).ReadWhole(target);
        _format = listed.Video.Format;
        _table = new FrameTableBuilder(tools).Build(target, listed).Table;
        _table.Save(Path.Combine(folder, "table"));
        _plan = ChunkPlanner.Plan(_table.Count, chunkFrames ?? ChunkLength.Choose(_table.Count, chunks));
        Chunks = Math.Min(chunks, _plan.Count);
        _share = new LaneShare(Lanes.Together ?? int.MaxValue);
        _samples = new FramePool(FrameFormats.Of(_format), Math.Min(4, _table.Count));
        _key = Scan();
        ReadSamples();
    }

    /// <summary>Only the chunks that begin within so many frames are run; null: all.</summary>
    public int? Within { get; set; }

    /// <summary>Chunks at a time.</summary>
    public int Chunks { get; }

    /// <summary>Threads of each chunk's stages.</summary>
    public LaneCounts Lanes => InFlight.Here(_models.Device, Chunks).Lanes;

    /// <summary>Reading every frame into this process.</summary>
    /// <returns>Frames a second.</returns>
    public double Decode(CancellationToken stop) =>
        Time(
            static range => range,
            (_, range) =>
            {
                using FrameReader reader = new(_tools, _target, _format, _table, range);
                using FramePool one = new(FrameFormats.Of(_format), 1);
                Frame frame = one.Rent(stop);
                while (reader.Read(frame, stop)) { }

                reader.Finish();
            },
            stop
        );

    /// <summary>Finding faces in frames that are there already, with the margins of the chunks.</summary>
    /// <returns>Frames a second, those of margins not counted.</returns>
    public double Analyse(CancellationToken stop) => Time(range => Loop(range), (loop, _) => loop.Analyse(stop), stop);

    /// <summary>Fusing, measuring and hashing frames whose faces are known.</summary>
    /// <returns>Frames a second.</returns>
    public double Fuse(CancellationToken stop) =>
        Time(
            range =>
            {
                StageLoop loop = Loop(range);
                loop.FindFaces(stop);
                return loop;
            },
            (loop, _) => loop.Fuse(stop),
            stop
        );

    /// <summary>Encoding frames that are there already.</summary>
    /// <returns>Frames a second.</returns>
    public double Encode(CancellationToken stop) =>
        Time(
            static range => range,
            (same, range) =>
            {
                using SegmentWriter writer = new(
                    _tools,
                    Path.Combine(_folder, $"alone-{range.Start}.mp4"),
                    _format,
                    _table,
                    range,
                    EncoderChoice.Here(_format, _recipe.Encode, _tools)
                );
                using FramePool one = new(FrameFormats.Of(_format), 1);
                Frame frame = one.Rent(stop);
                for (int number = range.Start; number < range.End; number++)
                {
                    Sample(frame, number);
                    writer.Write(frame, stop);
                }

                _ = writer.Finish(stop);
            },
            stop
        );

    /// <summary>All stages together.</summary>
    /// <param name="isEncoded">False: frames are thrown away where they would be encoded.</param>
    /// <returns>Frames a second, and CPU milliseconds of each stage.</returns>
    public (double Rate, IReadOnlyDictionary<string, double> Stages) Whole(bool isEncoded, CancellationToken stop)
    {
        ChunkWork work = new(_models, _tools, _sources, _meter, "bench", Lanes);
        Dictionary<string, double> stages = [];
        double rate = Time(
            static range => range,
            (_, range) =>
            {
                string report = Path.Combine(_folder, $"{range.Start}.json");
                work.Run(Order(range), Files(range, report, isEncoded), static _ => { }, stop);
                ChunkReport read = JsonSerializer.Deserialize<ChunkReport>(
                    File.ReadAllBytes(report),
                    JsonSerializerOptions.Web
                )!;
                lock (stages)
                {
                    foreach ((string stage, double milliseconds) in read.StageMilliseconds)
                    {
                        stages[stage] = stages.GetValueOrDefault(stage) + milliseconds;
                    }
                }
            },
            stop
        );
        return (rate, stages);
    }

    public void Dispose()
    {
        foreach (Frame frame in _frames)
        {
            _samples.Return(frame);
        }

        _samples.Dispose();
        _meter.Dispose();
    }

    private StageLoop Loop(FrameRange range) =>
        new(
            Order(range),
            _photos,
            ChunkWork.ReadScan(ScanPath),
            _table.Count,
            _models,
            _sources,
            Sample,
            Lanes,
            _share
        );

    private string ScanPath => Path.Combine(_folder, "scan.json");

    /// <summary>A thread for each slot, which take chunks in turn; what these need is made before the time begins.</summary>
    private double Time<T>(Func<FrameRange, T> prepare, Action<T, FrameRange> run, CancellationToken stop)
    {
        using StageThreads threads = new(stop);
        using Barrier ready = new(Chunks);
        FrameRange[] plan = [.. _plan.Where(range => range.Start < (Within ?? int.MaxValue))];
        T[] made = new T[plan.Length];
        long start = 0;
        int taken = -1;
        for (int slot = 0; slot < Chunks; slot++)
        {
            int first = slot;
            threads.Start(
                $"bench {slot}",
                token =>
                {
                    for (int i = first; i < made.Length; i += Chunks)
                    {
                        made[i] = prepare(plan[i]);
                    }

                    ready.SignalAndWait(token);
                    _ = Interlocked.CompareExchange(ref start, Stopwatch.GetTimestamp(), 0);
                    for (int i; (i = Interlocked.Increment(ref taken)) < made.Length; )
                    {
                        run(made[i], plan[i]);
                        (made[i] as IDisposable)?.Dispose();
                    }
                }
            );
        }

        threads.Join();
        return plan.Sum(range => range.Length) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Sample(Frame into, int number)
    {
        _frames[number % _frames.Count].Bytes.CopyTo(into.Bytes);
        into.Number = number;
        // No two frames alike: batches take the same inputs for the same row.
        Span<byte> luma = into.Plane(0);
        for (int i = number % 61; i < luma.Length; i += 61)
        {
            luma[i] ^= 1;
        }
    }

    private void ReadSamples()
    {
        using FrameReader reader = new(_tools, _target, _format, _table, new FrameRange(0, _samples.Capacity));
        for (int i = 0; i < _samples.Capacity; i++)
        {
            Frame frame = _samples.Rent(default);
            _frames.Add(frame);
            _ = reader.Read(frame, default);
        }
    }

    private string Scan()
    {
        ScanVideo order = LocalOrders.Scan(_format, _recipe);
        ScanFiles files = new()
        {
            Target = _target,
            FrameTable = Path.Combine(_folder, "table"),
            Sources = _photos,
            Scan = ScanPath,
            Sheet = Path.Combine(_folder, "sheet.png"),
        };
        return new ScanWork(_models, _tools, _sources, "bench").Run(order, files, static _ => { }, default).PipelineKey;
    }

    private ChunkFiles Files(FrameRange range, string report, bool isEncoded) =>
        new()
        {
            Target = _target,
            FrameTable = Path.Combine(_folder, "table"),
            Scan = ScanPath,
            Sources = _photos,
            Sidecars = [],
            Segment = Path.Combine(_folder, $"{range.Start}.mp4"),
            Sidecar = Path.Combine(_folder, $"{range.Start}.sidecar"),
            Report = report,
            IsEncoded = isEncoded,
        };

    private FuseChunk Order(FrameRange range) => LocalOrders.Fuse(range.Start, range, _format, _recipe, _key);
}
