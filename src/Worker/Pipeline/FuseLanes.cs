namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// The fuse stage of a chunk on several threads. What a processor does to a frame depends on that frame and on faces that are known, so
/// frames are dealt out to the lanes in turn, each with processors of its own, and taken back in the same turn: their order is restored
/// by counting.
/// <code>
/// deal ─► lane 0 ─► collect
///      ─► lane 1 ─►
/// </code>
/// </summary>
internal sealed class FuseLanes : IDisposable
{
    private const int Ahead = 2;

    private readonly FuseStage _stage;
    private readonly IReadOnlyList<ProcessorChain> _chains;
    private readonly BoundedQueue<FuseTurn> _spare;
    private readonly BoundedQueue<FuseTurn>[] _dealt;
    private readonly BoundedQueue<FuseTurn>[] _done;

    /// <param name="stage">Counts, measures and hashes in order.</param>
    /// <param name="chains">One for each lane; disposed of by their owner.</param>
    public FuseLanes(FuseStage stage, IReadOnlyList<ProcessorChain> chains)
    {
        _stage = stage;
        _chains = chains;
        int turns = FramesHeld(chains.Count);
        _spare = new BoundedQueue<FuseTurn>(turns);
        for (int i = 0; i < turns; i++)
        {
            _spare.Add(new FuseTurn(), default);
        }

        _dealt = [.. chains.Select(_ => new BoundedQueue<FuseTurn>(Ahead))];
        _done = [.. chains.Select(_ => new BoundedQueue<FuseTurn>(Ahead))];
    }

    /// <summary>Most frames that are in so many lanes.</summary>
    public static int FramesHeld(int lanes) => lanes * (Ahead + 1);

    /// <summary>Starts the threads of the lanes.</summary>
    public void Start(StageThreads stages, string name)
    {
        for (int i = 0; i < _chains.Count; i++)
        {
            int lane = i;
            stages.Start($"{name} fuse {lane}", stop => Run(lane, stop));
        }
    }

    /// <summary>Deals out what comes in; ends when there is no more.</summary>
    public void Deal(
        BoundedQueue<(Imaging.Frames.Frame Frame, Faces.FrameFaces Faces)> analysed,
        CancellationToken stop
    )
    {
        for (int next = 0; analysed.TryTake(out (Imaging.Frames.Frame Frame, Faces.FrameFaces Faces) one, stop); next++)
        {
            _ = _spare.TryTake(out FuseTurn turn, stop);
            turn.Frame = one.Frame;
            turn.Faces = one.Faces;
            _stage.Begin(turn);
            _dealt[next % _dealt.Length].Add(turn, stop);
        }

        foreach (BoundedQueue<FuseTurn> lane in _dealt)
        {
            lane.Complete();
        }
    }

    /// <summary>Takes the next frame in order, or says that there is none; the turn goes back with <see cref="Return"/>.</summary>
    /// <param name="number">Frames taken so far.</param>
    public bool TryCollect(int number, out FuseTurn turn, CancellationToken stop)
    {
        if (!_done[number % _done.Length].TryTake(out turn, stop))
        {
            return false;
        }

        _stage.End(turn);
        return true;
    }

    public void Return(FuseTurn turn, CancellationToken stop) => _spare.Add(turn, stop);

    public void Dispose()
    {
        _spare.Dispose();
        foreach (BoundedQueue<FuseTurn> queue in _dealt.Concat(_done))
        {
            queue.Dispose();
        }
    }

    private void Run(int lane, CancellationToken stop)
    {
        while (_dealt[lane].TryTake(out FuseTurn turn, stop))
        {
            FuseStage.Fuse(turn, _chains[lane]);
            _done[lane].Add(turn, stop);
        }

        _done[lane].Complete();
    }
}
