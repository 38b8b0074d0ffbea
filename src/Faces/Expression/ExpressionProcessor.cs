using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Expression;

/// <summary>
/// Restores the expression that each selected face had before other steps changed it. A frame takes two calls: <see cref="Remember"/> with
/// the frame as it was decoded, before any step; <see cref="Process"/> when the steps ahead have run. Between them only the numbers of
/// the expressions are kept (252 bytes a face) and no picture. One per thread, one frame at a time.
/// </summary>
/// <param name="restorer">Owned by whoever made it.</param>
/// <param name="selected">Which faces are meant; null: all.</param>
public sealed class ExpressionProcessor(ExpressionRestorer restorer, Func<TrackedFace, bool>? selected = null)
    : IFrameProcessor
{
    private readonly List<TrackedFace> _faces = [];
    private float[] _expressions = [];
    private FrameFaces? _frame;
    private int _number;

    /// <summary>Reads the expressions of the original frame's faces, which does not change it.</summary>
    public void Remember(Frame original, FrameFaces faces)
    {
        _frame = faces;
        _number = faces.Number;
        _faces.Clear();
        foreach (TrackedFace face in faces.Faces)
        {
            if (selected is null || selected(face))
            {
                _faces.Add(face);
            }
        }

        // Far faces first, so that near ones are pasted on top.
        _faces.Sort(static (a, b) => a.Box.Size.CompareTo(b.Box.Size));
        if (_expressions.Length < _faces.Count * ExpressionRestorer.Length)
        {
            _expressions = new float[_faces.Count * ExpressionRestorer.Length];
        }

        int read = 0;
        for (int i = 0; i < _faces.Count; i++)
        {
            if (restorer.TryRead(original, _faces[i], Expression(read)))
            {
                _faces[read++] = _faces[i];
            }
        }

        _faces.RemoveRange(read, _faces.Count - read);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The frame was not remembered.</exception>
    public void Process(Frame frame, FrameFaces faces)
    {
        if (!ReferenceEquals(faces, _frame) || faces.Number != _number)
        {
            throw new InvalidOperationException(
                $"Frame {faces.Number} was not remembered before its steps ran: call Remember with the decoded frame first."
            );
        }

        for (int i = 0; i < _faces.Count; i++)
        {
            restorer.Restore(frame, _faces[i], Expression(i));
        }
    }

    private Span<float> Expression(int face) =>
        _expressions.AsSpan(face * ExpressionRestorer.Length, ExpressionRestorer.Length);
}
