using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Benching;

/// <summary>The analysis or the fusing of one chunk, in its lanes, on frames that need no decoder.</summary>
internal sealed class StageLoop : IDisposable
{
    private const int KnownFrames = 32;

    private readonly FuseChunk _order;
    private readonly ScanResult _scan;
    private readonly int _frames;
    private readonly FaceModels _models;
    private readonly LaneCounts _laneCounts;
    private readonly FrameAnalyser _measurer;
    private readonly List<ProcessorChain> _chains = [];
    private readonly FuseLanes _lanes;
    private readonly BoundedQueue<(Frame, FrameFaces)> _ready = new(2);
    private readonly FuseStage _stage;
    private readonly FrameFormat _format;
    private readonly Action<Frame, int> _sample;
    private readonly List<FrameFaces> _known = [];

    /// <param name="sample">Fills a frame as that of the given number.</param>
    /// <param name="lanes">Threads of each stage.</param>
    /// <param name="share">Of all chunks.</param>
    public StageLoop(
        FuseChunk order,
        IReadOnlyList<SourcePhotos> photos,
        ScanResult scan,
        int frames,
        FaceModels models,
        SourceCache sources,
        Action<Frame, int> sample,
        LaneCounts lanes,
        LaneShare share
    )
    {
        _order = order;
        _scan = scan;
        _frames = frames;
        _models = models;
        _laneCounts = lanes;
        _sample = sample;
        _format = FrameFormats.Of(order.Format);
        _measurer = Analyser();
        for (int lane = 0; lane < lanes.Fuse; lane++)
        {
            _chains.Add(ProcessorChain.Create(order.Recipe, scan, photos, sources, _format, models));
        }

        _stage = new FuseStage(
            order.Range,
            _chains[0],
            _measurer,
            new CropGallery(order.Range.Start, order.Range.Length, order.Format.Rotation)
        );
        _lanes = new FuseLanes(_stage, _chains, share);
    }

    public void Analyse(CancellationToken stop) =>
        Analyse(
            _order.Range,
            static (analysis, pool, frame, faces) =>
            {
                analysis.Recycle(faces);
                pool.Return(frame);
            },
            stop
        );

    /// <summary>Analyses the first frames of the chunk and keeps what was found for <see cref="Fuse"/>.</summary>
    public void FindFaces(CancellationToken stop)
    {
        FrameRange first = new(_order.Range.Start, Math.Min(_order.Range.End, _order.Range.Start + KnownFrames));
        Analyse(
            first,
            (analysis, pool, frame, faces) =>
            {
                if (first.Contains(frame.Number))
                {
                    _known.Add(faces);
                }
                else
                {
                    analysis.Recycle(faces);
                }

                pool.Return(frame);
            },
            stop
        );
    }

    public void Fuse(CancellationToken stop)
    {
        using FramePool pool = new(_format, 4 + FuseLanes.FramesHeld(_laneCounts.Fuse));
        using StageThreads threads = new(stop);
        threads.Start("bench feed", token => Feed(pool, token));
        threads.Start("bench deal", token => _lanes.Deal(_ready, larger: null, token));
        _lanes.Start(threads, "bench");
        threads.Start("bench collect", token => Collect(pool, token));
        threads.Join();
    }

    public void Dispose()
    {
        _chains.ForEach(static chain => chain.Dispose());
        _lanes.Dispose();
        _ready.Dispose();
        _measurer.Dispose();
    }

    private FrameAnalyser Analyser() =>
        new(_models, _order.Format.Rotation, _order.Recipe.Faces.MinScore, null, _order.Recipe.Finding);

    private void Analyse(
        FrameRange range,
        Action<AnalysisLanes, FramePool, Frame, FrameFaces> give,
        CancellationToken stop
    )
    {
        AnalysisPlan plan = AnalysisPlan.For(
            _order.Recipe,
            range,
            _frames,
            _format,
            _order.Format.Rotation,
            _scan.People
        );
        int ahead = 4 + AnalysisLanes.FramesHeld(_laneCounts.Analyse);
        using FramePool pool = new(_format, plan.Lookahead + ahead);
        using AnalysisLanes analysis = new(Analyser, plan, [], _laneCounts.Analyse, ahead);
        int next = plan.DecodeRange.Start;
        bool TryTake(out Frame frame, CancellationToken token)
        {
            frame = null!;
            if (next == plan.DecodeRange.End)
            {
                return false;
            }

            frame = pool.Rent(token);
            _sample(frame, next++);
            return true;
        }

        using StageThreads threads = new(stop);
        threads.Start("bench place", token => analysis.Place(TryTake, token));
        analysis.Start(threads, "bench");
        threads.Start("bench analyse", token => analysis.Collect((f, faces) => give(analysis, pool, f, faces), token));
        threads.Join();
    }

    private void Feed(FramePool pool, CancellationToken stop)
    {
        for (int number = _order.Range.Start; number < _order.Range.End; number++)
        {
            Frame frame = pool.Rent(stop);
            _sample(frame, number);
            _ready.Add((frame, _known[(number - _order.Range.Start) % _known.Count]), stop);
        }

        _ready.Complete();
    }

    private void Collect(FramePool pool, CancellationToken stop)
    {
        while (_lanes.TryCollect(out FuseTurn turn, stop))
        {
            pool.Return(turn.Frame);
            _lanes.Return(turn, stop);
        }
    }
}
