using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Processors;

/// <summary>Gives each selected person the face of the identity that the scan resolved for them; far faces first, near ones on top.</summary>
/// <param name="fusers">Fuser by person number; 0 serves faces that the scan does not know.</param>
public sealed class SwapProcessor(IReadOnlyDictionary<int, IFaceFuser> fusers) : IFrameProcessor
{
    private readonly List<TrackedFace> _order = [];

    /// <inheritdoc/>
    public void Process(Frame frame, FrameFaces faces)
    {
        _order.Clear();
        _order.AddRange(faces.Faces);
        _order.Sort(static (a, b) => a.Box.Size.CompareTo(b.Box.Size));
        foreach (TrackedFace face in _order)
        {
            if (face.HasLandmarks && fusers.TryGetValue(face.Person, out IFaceFuser? fuser))
            {
                fuser.Fuse(frame, face);
            }
        }
    }
}
