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

/// <summary>The analysis or the fusing of one chunk on one thread, on frames that need no decoder.</summary>
internal sealed class StageLoop : IDisposable
{
    private const int KnownFrames = 32;

    private readonly FuseChunk _order;
    private readonly AnalysisPlan _plan;
    private readonly FrameAnalyser _analyser;
    private readonly ChunkAnalysis _analysis;
    private readonly ProcessorChain _chain;
    private readonly FuseStage _stage;
    private readonly FramePool _pool;
    private readonly Action<Frame, int> _sample;
    private readonly List<FrameFaces> _known = [];

    /// <param name="sample">Fills a frame as that of the given number.</param>
    public StageLoop(
        FuseChunk order,
        IReadOnlyList<SourcePhotos> photos,
        ScanResult scan,
        int frames,
        FaceModels models,
        SourceCache sources,
        Action<Frame, int> sample
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
        _chain = ProcessorChain.Create(order.Recipe, scan, photos, sources, format, models);
        _stage = new FuseStage(
            order.Range,
            _chain,
            _analyser,
            new CropGallery(order.Range.Start, order.Range.Length, order.Format.Rotation)
        );
        _pool = new FramePool(format, _plan.Lookahead + 2);
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
        Frame frame = _pool.Rent(stop);
        for (int number = _order.Range.Start; number < _order.Range.End; number++)
        {
            stop.ThrowIfCancellationRequested();
            _sample(frame, number);
            _stage.Run(frame, _known[(number - _order.Range.Start) % _known.Count]);
        }

        _pool.Return(frame);
    }

    public void Dispose()
    {
        _analysis.Dispose();
        _chain.Dispose();
        _analyser.Dispose();
        _pool.Dispose();
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
