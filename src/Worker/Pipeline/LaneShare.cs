namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// Lanes that the chunks of a process have together. Each has an equal share of them, so a chunk that is alone may use what would be the
/// others', and gives it back, after the value that it works on, when they come. The last values of a chunk are done by all of its lanes.
/// </summary>
/// <param name="together">Lanes of all chunks, at least 1.</param>
internal sealed class LaneShare(int together)
{
    private TaskCompletionSource _news = new();
    private int _chunks;

    /// <summary>Lanes of each chunk at present, rounded up.</summary>
    public int Each => (int)Math.Ceiling((double)together / Math.Max(1, Volatile.Read(ref _chunks)));

    /// <summary>There is a chunk more.</summary>
    public void Join()
    {
        _ = Interlocked.Increment(ref _chunks);
        Tell();
    }

    /// <summary>There is a chunk less.</summary>
    public void Leave()
    {
        _ = Interlocked.Decrement(ref _chunks);
        Tell();
    }

    /// <summary>Has all who wait look again.</summary>
    public void Tell() => Interlocked.Exchange(ref _news, new TaskCompletionSource()).SetResult();

    /// <summary>Blocks a lane until it is among those of its chunk that work.</summary>
    /// <param name="lane">Its number within the chunk, from 0.</param>
    /// <param name="isOver">Asked again after <see cref="Tell"/>: true ends the waiting.</param>
    /// <param name="stop">Ends the waiting.</param>
    public void Wait(int lane, Func<bool> isOver, CancellationToken stop)
    {
        while (true)
        {
            // Before the question, so that no answer that comes meanwhile is missed.
            Task news = Volatile.Read(ref _news).Task;
            if (lane < Each || isOver())
            {
                return;
            }

            news.Wait(stop);
        }
    }
}
