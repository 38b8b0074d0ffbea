using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Sidecars;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// Read this first: the four stages of a chunk, each with threads of its own, with bounded queues between them.
/// <code>
/// decode ─► analyse (in lanes; holds frames until their window is complete) ─► fuse (in lanes) ─► encode
/// </code>
/// A frame has one owner at a time and goes back to the pool when it is encoded, or at once if it belongs to the margin. The pool's
/// size is the memory bound: window + queues + one frame in each stage's hands. A recipe that enlarges has a second pool of larger
/// frames: one that is filled, one that waits and one that is encoded; the smaller ones go back when they are enlarged.
/// </summary>
internal sealed class ChunkPipeline : IDisposable
{
    private const int QueueLength = 4;
    private const int StageHands = 4;
    private const int LargerFrames = 3;

    private readonly FuseChunk _order;
    private readonly ChunkFiles _files;
    private readonly MediaTools _tools;
    private readonly Action<int> _onFramesDone;
    private readonly FrameTable _table;
    private readonly VideoFormat _output;
    private readonly EncoderChoice _encoder;
    private readonly AnalysisPlan _plan;
    private readonly FrameAnalyser _measurer;
    private readonly AnalysisLanes _analysis;
    private readonly List<ProcessorChain> _chains = [];
    private readonly FuseLanes? _lanes;
    private readonly FuseStage _stage;
    private readonly CropGallery _gallery;
    private readonly FramePool _pool;
    private readonly FramePool? _larger;
    private readonly BoundedQueue<Frame> _decoded = new(QueueLength);
    private readonly BoundedQueue<(Frame Frame, FrameFaces Faces)> _analysed = new(QueueLength);
    private readonly BoundedQueue<Frame> _fused = new(QueueLength);
    private SegmentFacts? _segment;
    private double _decodeMilliseconds;
    private double _encodeMilliseconds;

    public ChunkPipeline(
        FuseChunk order,
        ChunkFiles files,
        ScanResult scan,
        FaceModels models,
        MediaTools tools,
        SourceCache sources,
        Action<int> onFramesDone,
        LaneCounts lanes,
        LaneShare share
    )
    {
        _order = order;
        _files = files;
        _tools = tools;
        _onFramesDone = onFramesDone;
        _table = FrameTable.Load(files.FrameTable);
        FrameFormat format = FrameFormats.Of(order.Format);
        _output = FrameFormats.Enlarged(order.Format, scan.OutputScale);
        _encoder = EncoderChoice.Here(_output, order.Recipe.Encode, tools);
        _plan = AnalysisPlan.For(order.Recipe, order.Range, _table.Count, format, order.Format.Rotation, scan.People);
        _measurer = Analyser(models);
        int held = AnalysisLanes.FramesHeld(lanes.Analyse) + (lanes.Fuse > 1 ? FuseLanes.FramesHeld(lanes.Fuse) : 0);
        int ahead = (3 * QueueLength) + StageHands + held;
        _analysis = new AnalysisLanes(
            () => Analyser(models, order.Recipe.Finding),
            _plan,
            Sidecar.ReadFitting(files.Sidecars.Select(s => s.Path), _plan, models.KeysFor(order.Recipe.Finding)),
            lanes.Analyse,
            ahead
        );
        for (int lane = 0; lane < lanes.Fuse; lane++)
        {
            _chains.Add(ProcessorChain.Create(order.Recipe, scan, files.Sources, sources, format, models));
        }

        CheckScale(scan.OutputScale, _chains[0].Upscaler?.Scale ?? 1);
        _gallery = new CropGallery(order.Range.Start, order.Range.Length, order.Format.Rotation);
        _stage = new FuseStage(order.Range, _chains[0], _measurer, _gallery);
        _lanes = lanes.Fuse > 1 ? new FuseLanes(_stage, _chains, share) : null;
        _pool = new FramePool(format, _plan.Lookahead + ahead);
        _larger = _chains[0].Upscaler is { } upscaler
            ? new FramePool(
                upscaler.OutputFormat,
                LargerFrames + (lanes.Fuse > 1 ? FuseLanes.FramesHeld(lanes.Fuse) : 0)
            )
            : null;
    }

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public ChunkOutcome Run(CancellationToken stop)
    {
        using var stages = new StageThreads(stop);
        string name = $"chunk {_order.ChunkIndex}";
        stages.Start($"{name} decode", Decode, isAhead: true);
        stages.Start($"{name} place", stop => _analysis.Place(_decoded.TryTake, stop), isAhead: true);
        _analysis.Start(stages, name);
        stages.Start($"{name} analyse", Analyse);
        StartFusing(stages, name);
        stages.Start($"{name} encode", Encode);
        stages.Join();
        int rented = _pool.Rented + (_larger?.Rented ?? 0);
        if (rented != 0)
        {
            throw new InvalidOperationException($"{rented} frames were not returned to the pool.");
        }

        _analysis.WriteSidecar(_files.Sidecar);
        return new ChunkOutcome(
            _segment!,
            _encoder,
            _stage,
            _gallery,
            StageMilliseconds(),
            _analysis.FramesAnalysed > 0
        );
    }

    public void Dispose()
    {
        _chains.ForEach(static chain => chain.Dispose());
        _lanes?.Dispose();
        _analysis.Dispose();
        _measurer.Dispose();
        _decoded.Dispose();
        _analysed.Dispose();
        _fused.Dispose();
        _pool.Dispose();
        _larger?.Dispose();
    }

    /// <summary>The scan has told the Coordinator how large the result is; a worker with another catalogue must not differ.</summary>
    private static void CheckScale(int scanned, int own)
    {
        if (scanned != own)
        {
            throw new ModelException(
                Failure.PipelineDiffers,
                $"The scan found that the recipe enlarges {scanned} times, and the model catalogue of this worker says {own}; give all workers the same catalogue.",
                isTransient: true
            );
        }
    }

    private void Decode(CancellationToken stop)
    {
        using CpuAccount account = CpuAccount.Open();
        using (var reader = new FrameReader(_tools, _files.Target, _order.Format, _table, _plan.DecodeRange))
        {
            Decode(reader, stop);
        }

        _decoded.Complete();
        _decodeMilliseconds = account.Milliseconds;
    }

    private void Decode(FrameReader reader, CancellationToken stop)
    {
        while (true)
        {
            Frame frame = _pool.Rent(stop);
            if (!reader.Read(frame, stop))
            {
                _pool.Return(frame);
                break;
            }

            _decoded.Add(frame, stop);
        }

        reader.Finish(stop);
    }

    private void Analyse(CancellationToken stop)
    {
        _analysis.Collect(
            (frame, faces) =>
            {
                if (_order.Range.Contains(frame.Number))
                {
                    _analysed.Add((frame, faces), stop);
                }
                else
                {
                    _analysis.Recycle(faces);
                    _pool.Return(frame);
                }
            },
            stop
        );
        _analysed.Complete();
    }

    private void StartFusing(StageThreads stages, string name)
    {
        if (_lanes is null)
        {
            stages.Start($"{name} fuse", Fuse);
            return;
        }

        stages.Start($"{name} deal", stop => _lanes.Deal(_analysed, _larger, stop));
        _lanes.Start(stages, name);
        stages.Start($"{name} collect", Collect);
    }

    private void Collect(CancellationToken stop)
    {
        while (_lanes!.TryCollect(out FuseTurn turn, stop))
        {
            Frame last = turn.Last;
            if (turn.Larger is not null)
            {
                _pool.Return(turn.Frame);
            }

            _analysis.Recycle(turn.Faces);
            _lanes.Return(turn, stop);
            _fused.Add(last, stop);
        }

        _fused.Complete();
    }

    private void Fuse(CancellationToken stop)
    {
        while (_analysed.TryTake(out (Frame Frame, FrameFaces Faces) next, stop))
        {
            Frame? larger = _larger?.Rent(stop);
            _stage.Run(next.Frame, next.Faces, larger);
            _analysis.Recycle(next.Faces);
            if (larger is not null)
            {
                _pool.Return(next.Frame);
            }

            _fused.Add(larger ?? next.Frame, stop);
        }

        _fused.Complete();
    }

    private void Encode(CancellationToken stop)
    {
        if (!_files.IsEncoded)
        {
            ThrowAway(stop);
            return;
        }

        using CpuAccount account = CpuAccount.Open();
        using (var writer = new SegmentWriter(_tools, _files.Segment, _output, _table, _order.Range, _encoder))
        {
            Encode(writer, stop);
        }

        _encodeMilliseconds = account.Milliseconds;
    }

    private void Encode(SegmentWriter writer, CancellationToken stop)
    {
        int done = 0;
        FramePool pool = _larger ?? _pool;
        while (_fused.TryTake(out Frame frame, stop))
        {
            writer.Write(frame, stop);
            pool.Return(frame);
            _onFramesDone(++done);
        }

        _segment = writer.Finish(stop);
    }

    private void ThrowAway(CancellationToken stop)
    {
        int done = 0;
        FramePool pool = _larger ?? _pool;
        while (_fused.TryTake(out Frame frame, stop))
        {
            pool.Return(frame);
            _onFramesDone(++done);
        }

        _segment = new SegmentFacts(done, 0, "", "");
    }

    private Dictionary<string, double> StageMilliseconds() =>
        new(_analysis.Milliseconds())
        {
            ["decode"] = _decodeMilliseconds,
            ["fuse"] = _stage.FuseMilliseconds,
            ["measure"] = _stage.MeasureMilliseconds,
            ["hash"] = _stage.HashMilliseconds,
            ["encode"] = _encodeMilliseconds,
        };

    private FrameAnalyser Analyser(FaceModels models, FaceFinding? finding = null) =>
        new(models, _order.Format.Rotation, _order.Recipe.Faces.MinScore, CpuAccount.ThreadMilliseconds, finding);
}
