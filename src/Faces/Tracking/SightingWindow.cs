namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>The frames that the analysis can look at: a ring keyed by absolute frame number, and the pool of their sightings.</summary>
internal sealed class SightingWindow
{
    private readonly FrameSightings[] _ring;
    private readonly Stack<Sighting> _free = new(64);

    /// <param name="ahead">Frames that lie in front beyond what the plan holds.</param>
    public SightingWindow(AnalysisPlan plan, int ahead)
    {
        // Behind a frame that is about to be given back lies its window, in front of it everything that is held.
        _ring = new FrameSightings[(2 * plan.Window) + (2 * plan.Tracking.DetectEvery) + 4 + ahead];
        for (int i = 0; i < _ring.Length; i++)
        {
            _ring[i] = new FrameSightings();
        }

        First = plan.DecodeRange.Start;
        Next = First;
    }

    /// <summary>Number of the oldest frame that may be looked at.</summary>
    public int First { get; private set; }

    /// <summary>Number of the frame that comes next.</summary>
    public int Next { get; private set; }

    public FrameSightings this[int number]
    {
        get
        {
            FrameSightings frame = _ring[number % _ring.Length];
            return frame.Number == number
                ? frame
                : throw new InvalidOperationException($"Frame {number} is outside the window [{First}, {Next}).");
        }
    }

    /// <summary>Makes room for the next frame; the oldest one's sightings go back to the pool.</summary>
    /// <param name="needed">Frames from this number on are still looked at.</param>
    public FrameSightings Add(int needed)
    {
        FrameSightings frame = _ring[Next % _ring.Length];
        if (frame.Frame is not null || frame.Number >= Math.Max(needed, 0))
        {
            throw new InvalidOperationException($"Frame {frame.Number} was not taken before its place was needed.");
        }

        foreach (Sighting sighting in frame.Faces)
        {
            sighting.Clear();
            _free.Push(sighting);
        }

        frame.Faces.Clear();
        frame.Number = Next;
        frame.IsCut = false;
        frame.Placed = false;
        frame.Known = false;
        Next++;
        First = Math.Max(First, Next - _ring.Length);
        return frame;
    }

    public Sighting Rent() => _free.TryPop(out Sighting? sighting) ? sighting : new Sighting();
}
