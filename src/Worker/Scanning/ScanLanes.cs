using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Scanning;

/// <summary>
/// Looks at frames on several threads, each with a frame and an analyser of its own, which take turns at reading. What they see is added in
/// the frames' order, so the result is the same as from one thread.
/// </summary>
/// <param name="lanes">So many threads.</param>
/// <param name="people">Receives every frame's sightings.</param>
/// <param name="format">Of the frames.</param>
/// <param name="newAnalyser">One a lane.</param>
/// <param name="read">Fills a frame with the next one; false after the last. Never called by two lanes at a time.</param>
/// <param name="onFramesDone">Frames added so far; never called by two lanes at a time.</param>
internal sealed class ScanLanes(
    int lanes,
    PeopleScan people,
    FrameFormat format,
    Func<FrameAnalyser> newAnalyser,
    Func<Frame, bool> read,
    Action<int> onFramesDone
)
{
    private const int Fewest = 2;

    /// <summary>Each has a frame and buffers of its own, and a decoder gives no more than so many can look at.</summary>
    private const int Most = 8;

    private readonly Lock _reading = new();
    private readonly Lock _adding = new();
    private readonly Dictionary<int, IReadOnlyList<ScanSighting>> _early = [];
    private int _taken;
    private volatile bool _ended;

    /// <summary>Half the cores, as many as the decoder has: the scan is alone in its slot, but may not be alone on the machine.</summary>
    public static int Count { get; } = Math.Clamp(Environment.ProcessorCount / 2, Fewest, Most);

    /// <summary>Blocks until every frame is added, or one lane has failed.</summary>
    public void Run(CancellationToken stop)
    {
        using var pool = new FramePool(format, lanes);
        Beside<bool>[] others =
        [
            .. Enumerable.Range(1, lanes - 1).Select(_ => new Beside<bool>(() => Lane(pool, stop))),
        ];
        try
        {
            _ = Lane(pool, stop);
            Array.ForEach(others, other => other.Result());
        }
        finally
        {
            Array.ForEach(others, other => other.Dispose());
        }
    }

    private bool Lane(FramePool pool, CancellationToken stop)
    {
        using FrameAnalyser analyser = newAnalyser();
        var scan = new FrameScan(analyser);
        Frame frame = pool.Rent(stop);
        try
        {
            while (Take(frame) is int turn)
            {
                Add(turn, scan.Look(frame));
            }

            return true;
        }
        finally
        {
            _ended = true;
            pool.Return(frame);
        }
    }

    private int? Take(Frame frame)
    {
        lock (_reading)
        {
            return !_ended && read(frame) ? _taken++ : null;
        }
    }

    private void Add(int turn, IReadOnlyList<ScanSighting> sightings)
    {
        lock (_adding)
        {
            _early.Add(turn, sightings);
            while (_early.Remove(people.FramesScanned, out IReadOnlyList<ScanSighting>? next))
            {
                people.Add(next);
            }

            onFramesDone(people.FramesScanned);
        }
    }
}
