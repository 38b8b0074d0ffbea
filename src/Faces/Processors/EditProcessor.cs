using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Processors;

/// <summary>Lets an editor change each selected face; far faces first, near ones on top.</summary>
/// <param name="editor">Enhancer or age modifier.</param>
/// <param name="selected">Which faces are meant; null: all.</param>
public sealed class EditProcessor(IFaceEditor editor, Func<TrackedFace, bool>? selected = null) : IFrameProcessor
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
            if (selected is null || selected(face))
            {
                editor.Edit(frame, face);
            }
        }
    }
}
