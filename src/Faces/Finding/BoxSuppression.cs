using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>
/// Greedy non-maximum suppression, to the last bit as OpenCV's NMSBoxes: the strongest box stays and takes away those that overlap it too
/// much, then the next. One per thread: it owns its list of places.
/// </summary>
internal sealed class BoxSuppression
{
    /// <summary>What two areas may sum to and still be none: the step of doubles at 1.</summary>
    private const double DoubleStep = 2.220446049250313e-16;

    private readonly List<(float Score, int Index)> _order = [];
    private readonly List<int> _kept = [];

    /// <summary>Share of the united area above which two boxes are one face: less where more looks at the same face are likely.</summary>
    /// <param name="isMany">Boxes of several detectors.</param>
    public static float Threshold(int angles, bool isMany) =>
        isMany
            ? 0.1f
            : angles switch
            {
                1 => 0.4f,
                2 => 0.3f,
                3 => 0.2f,
                _ => 0.1f,
            };

    /// <summary>Places of the boxes that stay, in order of falling score, equal ones in the order in which they came. Valid until the next call.</summary>
    /// <param name="minScore">Boxes must score more.</param>
    /// <param name="threshold">Shared over united area; boxes may overlap by as much.</param>
    public ReadOnlySpan<int> Suppress(ReadOnlySpan<FaceCandidate> boxes, float minScore, float threshold)
    {
        _order.Clear();
        _kept.Clear();
        for (int i = 0; i < boxes.Length; i++)
        {
            if (boxes[i].Score > minScore)
            {
                _order.Add((boxes[i].Score, i));
            }
        }

        _order.Sort(static (a, b) => a.Score == b.Score ? a.Index.CompareTo(b.Index) : b.Score.CompareTo(a.Score));
        foreach ((_, int index) in _order)
        {
            bool stays = true;
            for (int k = 0; k < _kept.Count && stays; k++)
            {
                stays = Overlap(boxes[index], boxes[_kept[k]]) <= threshold;
            }

            if (stays)
            {
                _kept.Add(index);
            }
        }

        return CollectionsMarshal.AsSpan(_kept);
    }

    private static float Overlap(in FaceCandidate a, in FaceCandidate b)
    {
        double widthA = (double)a.Right - a.Left;
        double heightA = (double)a.Bottom - a.Top;
        double widthB = (double)b.Right - b.Left;
        double heightB = (double)b.Bottom - b.Top;
        double areas = (widthA * heightA) + (widthB * heightB);
        if (areas <= DoubleStep)
        {
            return 1;
        }

        double left = Math.Max(a.Left, b.Left);
        double top = Math.Max(a.Top, b.Top);
        double width = Math.Min(a.Left + widthA, b.Left + widthB) - left;
        double height = Math.Min(a.Top + heightA, b.Top + heightB) - top;
        double shared = width <= 0 || height <= 0 ? 0 : width * height;
        return 1 - (float)(1 - (shared / (areas - shared)));
    }
}
