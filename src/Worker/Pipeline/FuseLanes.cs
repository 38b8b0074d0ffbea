using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// The fuse stage of a chunk on several threads. What a processor does to a frame depends on that frame and on faces that are known, so
/// frames are fused side by side, in lanes with processors of their own.
/// </summary>
internal sealed class FuseLanes : IDisposable
{
    private readonly FuseStage _stage;
    private readonly LaneShare _share;
    private bool _isStarted;
    private readonly Lanes<FuseTurn> _lanes;
    private readonly BoundedQueue<FuseTurn> _spare;

    /// <param name="stage">Counts, measures and hashes in order.</param>
    /// <param name="chains">One for each lane; disposed of by their owner.</param>
    /// <param name="share">Of all chunks.</param>
    public FuseLanes(FuseStage stage, IReadOnlyList<ProcessorChain> chains, LaneShare share)
    {
        _stage = stage;
        _share = share;
        _lanes = new Lanes<FuseTurn>(chains.Count, (turn, lane) => FuseStage.Fuse(turn, chains[lane]), share);
        int turns = FramesHeld(chains.Count);
        _spare = new BoundedQueue<FuseTurn>(turns);
        for (int i = 0; i < turns; i++)
        {
            _spare.Add(new FuseTurn(), default);
        }
    }

    /// <summary>Most frames that are in so many lanes.</summary>
    public static int FramesHeld(int lanes) => Lanes<FuseTurn>.Held(lanes);

    /// <summary>Starts the threads of the lanes.</summary>
    public void Start(StageThreads stages, string name)
    {
        _share.Join();
        _isStarted = true;
        _lanes.Start(stages, $"{name} fuse");
    }

    /// <summary>Deals out what comes in; ends when there is no more.</summary>
    /// <param name="analysed">Frames in order.</param>
    /// <param name="larger">For enlarged frames, which are handed out in order too: the first that is waited for always has its own.</param>
    /// <param name="stop">Ends the waiting.</param>
    public void Deal(BoundedQueue<(Frame Frame, FrameFaces Faces)> analysed, FramePool? larger, CancellationToken stop)
    {
        while (analysed.TryTake(out (Frame Frame, FrameFaces Faces) one, stop))
        {
            _ = _spare.TryTake(out FuseTurn turn, stop);
            turn.Frame = one.Frame;
            turn.Faces = one.Faces;
            turn.Larger = larger?.Rent(stop);
            _stage.Begin(turn);
            _lanes.Deal(turn, stop);
        }

        _lanes.Complete(stop);
    }

    /// <summary>Takes the next frame in order, or says that there is none; the turn goes back with <see cref="Return"/>.</summary>
    public bool TryCollect(out FuseTurn turn, CancellationToken stop)
    {
        if (!_lanes.TryCollect(out turn, stop))
        {
            return false;
        }

        _stage.End(turn);
        return true;
    }

    public void Return(FuseTurn turn, CancellationToken stop) => _spare.Add(turn, stop);

    public void Dispose()
    {
        if (_isStarted)
        {
            _share.Leave();
        }

        _spare.Dispose();
        _lanes.Dispose();
    }
}
