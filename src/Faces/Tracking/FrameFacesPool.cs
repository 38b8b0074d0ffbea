namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>Finished faces on loan; given back from another thread than they were taken on.</summary>
internal sealed class FrameFacesPool
{
    private readonly Stack<FrameFaces> _frames = new(64);
    private readonly Stack<TrackedFace> _faces = new(64);
    private readonly Lock _gate = new();

    public FrameFaces Rent(int number)
    {
        lock (_gate)
        {
            FrameFaces frame = _frames.TryPop(out FrameFaces? free) ? free : new FrameFaces();
            frame.Number = number;
            return frame;
        }
    }

    public TrackedFace RentFace()
    {
        lock (_gate)
        {
            return _faces.TryPop(out TrackedFace? free) ? free : new TrackedFace();
        }
    }

    public void Return(FrameFaces frame)
    {
        lock (_gate)
        {
            foreach (TrackedFace face in frame.Faces)
            {
                face.Embedding = null;
                face.Points = null;
                face.Outline = null;
                _faces.Push(face);
            }

            frame.Faces.Clear();
            _frames.Push(frame);
        }
    }
}
