using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Benching;

/// <summary>The analysis (one thread) or the fusing (lanes) of one chunk, on frames that need no decoder.</summary>
internal sealed class StageLoop : IDisposable
{
    private const int KnownFrames = 32;

    private readonly FuseChunk _order;
    private readonly AnalysisPlan _plan;
    private readonly FrameAnalyser _analyser;
    private readonly ChunkAnalysis _analysis;
    private readonly List<ProcessorChain> _chains = [];
    private readonly FuseLanes _lanes;
    private readonly BoundedQueue<(Frame, FrameFaces)> _ready = new(2);
    private readonly FuseStage _stage;
    private readonly FramePool _pool;
    private readonly Action<Frame, int> _sample;
    private readonly List<FrameFaces> _known = [];

    /// <param name="sample">Fills a frame as that of the given number.</param>
    /// <param name="lanes">Threads that fuse.</param>
    public StageLoop(
        FuseChunk order,
        IReadOnlyList<SourcePhotos> photos,
        ScanResult scan,
        int frames,
        FaceModels models,
        SourceCache sources,
        Action<Frame, int> sample,
        int lanes
    )
    {
        _order = order;
        _sample = sample;
        FrameFormat format = FrameFormats.Of(order.Format);
        _plan = AnalysisPlan.For(order.Recipe, order.Range, frames, format, order.Format.Rotation, scan.People);
        _analyser = new FrameAnalyser(
            models,
            order.Format.Rotation,
            order.Recipe.Faces.MinScore,
            null,
            order.Recipe.Finding
        );
        _analysis = new ChunkAnalysis(_analyser, _plan, []);
        for (int lane = 0; lane < lanes; lane++)
        {
            _chains.Add(ProcessorChain.Create(order.Recipe, scan, photos, sources, format, models));
        }

        _stage = new FuseStage(
            order.Range,
            _chains[0],
            _analyser,
            new CropGallery(order.Range.Start, order.Range.Length, order.Format.Rotation)
        );
        _lanes = new FuseLanes(_stage, _chains);
        _pool = new FramePool(format, _plan.Lookahead + 4 + FuseLanes.FramesHeld(lanes));
    }

    public void Analyse(CancellationToken stop)
    {
        for (int number = _plan.DecodeRange.Start; number < _plan.DecodeRange.End; number++)
        {
            Push(number, stop);
            while (_analysis.TryPop(out Frame? frame, out FrameFaces? faces))
            {
                _analysis.Recycle(faces);
                _pool.Return(frame);
            }
        }

        _analysis.Complete();
        while (_analysis.TryPop(out Frame? frame, out FrameFaces? faces))
        {
            _analysis.Recycle(faces);
            _pool.Return(frame);
        }
    }

    /// <summary>Analyses the first frames of the chunk and keeps what was found for <see cref="Fuse"/>.</summary>
    public void FindFaces(CancellationToken stop)
    {
        int wanted = Math.Min(KnownFrames, _order.Range.Length);
        for (int number = _plan.DecodeRange.Start; number < _plan.DecodeRange.End && _known.Count < wanted; number++)
        {
            Push(number, stop);
            Keep();
        }

        if (_known.Count < wanted)
        {
            _analysis.Complete();
            Keep();
        }
    }

    public void Fuse(CancellationToken stop)
    {
        using StageThreads threads = new(stop);
        threads.Start("bench feed", Feed);
        threads.Start("bench deal", token => _lanes.Deal(_ready, larger: null, token));
        _lanes.Start(threads, "bench");
        threads.Start("bench collect", Collect);
        threads.Join();
    }

    public void Dispose()
    {
        _analysis.Dispose();
        _chains.ForEach(static chain => chain.Dispose());
        _lanes.Dispose();
        _ready.Dispose();
        _analyser.Dispose();
        _pool.Dispose();
    }

    private void Feed(CancellationToken stop)
    {
        for (int number = _order.Range.Start; number < _order.Range.End; number++)
        {
            Frame frame = _pool.Rent(stop);
            _sample(frame, number);
            _ready.Add((frame, _known[(number - _order.Range.Start) % _known.Count]), stop);
        }

        _ready.Complete();
    }

    private void Collect(CancellationToken stop)
    {
        for (int number = 0; _lanes.TryCollect(number, out FuseTurn turn, stop); number++)
        {
            _pool.Return(turn.Frame);
            _lanes.Return(turn, stop);
        }
    }

    private void Push(int number, CancellationToken stop)
    {
        Frame frame = _pool.Rent(stop);
        _sample(frame, number);
        _analysis.Push(frame);
    }

    private void Keep()
    {
        while (_analysis.TryPop(out Frame? frame, out FrameFaces? faces))
        {
            if (_order.Range.Contains(frame.Number))
            {
                _known.Add(faces);
            }
            else
            {
                _analysis.Recycle(faces);
            }

            _pool.Return(frame);
        }
    }
}
