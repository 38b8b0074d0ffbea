using System.Numerics;

namespace FaceFusion.Batch.Faces.Detection;

/// <summary>A box, and whether the view's inner edge may have cut its face.</summary>
internal readonly record struct SightedBox(FaceBox Box, bool Cut);

/// <summary>Turns many overlapping boxes into one per face. Everything is decided in order of score, ties by place, so it is repeatable.</summary>
internal static class BoxMerging
{
    private const float SameFace = 0.3f;
    private const float Inside = 0.65f;
    private const float PointDistance = 0.25f;

    /// <summary>
    /// Weighted non-maximum suppression: the strongest box takes in all that overlap it by more than 0.3 and becomes their mean,
    /// weighted by score (Blazeface, Bazarevsky et al. 2019). In place; returns how many are left.
    /// </summary>
    public static int Weighted(Span<FaceBox> boxes)
    {
        boxes.Sort(static (a, b) => Order(a, b));
        int kept = 0;
        Span<FaceBox> rest = boxes;
        while (rest.Length > 0)
        {
            FaceBox head = rest[0];
            FaceBox sum = default;
            float weights = 0;
            int left = 0;
            foreach (FaceBox box in rest)
            {
                if (FaceBox.Overlap(head, box) > SameFace || box == head)
                {
                    sum = Add(sum, box, box.Score);
                    weights += box.Score;
                }
                else
                {
                    rest[left++] = box;
                }
            }

            // The boxes still to be looked at lie behind the kept ones: each round keeps one and takes in at least one.
            FaceBox mean = Mean(sum, weights, head.Score);
            Span<FaceBox> remaining = rest[..left];
            remaining.CopyTo(boxes[(kept + 1)..]);
            boxes[kept++] = mean;
            rest = boxes.Slice(kept, left);
        }

        return kept;
    }

    /// <summary>
    /// Boxes of several views: the strongest uncut one stands for its face. A tight head crop makes the detector answer with boxes of
    /// different size one in another, so boxes whose points agree, or of which one lies inside the other, are one face too.
    /// </summary>
    public static int Distinct(Span<SightedBox> boxes, Span<FaceBox> into)
    {
        boxes.Sort(static (a, b) => a.Cut == b.Cut ? Order(a.Box, b.Box) : a.Cut.CompareTo(b.Cut));
        int kept = 0;
        foreach (SightedBox sighted in boxes)
        {
            bool known = false;
            for (int i = 0; i < kept && !known; i++)
            {
                known = IsSameFace(into[i], sighted.Box);
            }

            if (!known && kept < into.Length)
            {
                into[kept++] = sighted.Box;
            }
        }

        into[..kept].Sort(static (a, b) => a.CenterX.CompareTo(b.CenterX) is var x and not 0 ? x : Order(a, b));
        return kept;
    }

    private static bool IsSameFace(in FaceBox a, in FaceBox b) =>
        FaceBox.Overlap(a, b) > SameFace
        || FaceBox.Containment(a, b) > Inside
        || MeanPointDistance(a, b) < PointDistance * MathF.Max(a.Size, b.Size);

    private static float MeanPointDistance(in FaceBox a, in FaceBox b) =>
        (
            Vector2.Distance(a.RightEye, b.RightEye)
            + Vector2.Distance(a.LeftEye, b.LeftEye)
            + Vector2.Distance(a.Nose, b.Nose)
            + Vector2.Distance(a.Mouth, b.Mouth)
        ) * 0.25f;

    private static int Order(in FaceBox a, in FaceBox b)
    {
        int score = b.Score.CompareTo(a.Score);
        int row = score != 0 ? score : a.Y.CompareTo(b.Y);
        return row != 0 ? row : a.X.CompareTo(b.X);
    }

    private static FaceBox Add(in FaceBox sum, in FaceBox box, float weight) =>
        new(
            sum.X + (weight * box.X),
            sum.Y + (weight * box.Y),
            sum.Width + (weight * box.Width),
            sum.Height + (weight * box.Height),
            0,
            0
        )
        {
            RightEye = sum.RightEye + (weight * box.RightEye),
            LeftEye = sum.LeftEye + (weight * box.LeftEye),
            Nose = sum.Nose + (weight * box.Nose),
            Mouth = sum.Mouth + (weight * box.Mouth),
            RightEar = sum.RightEar + (weight * box.RightEar),
            LeftEar = sum.LeftEar + (weight * box.LeftEar),
        };

    private static FaceBox Mean(in FaceBox sum, float weights, float score)
    {
        float r = 1 / weights;
        Vector2 rightEye = sum.RightEye * r;
        Vector2 leftEye = sum.LeftEye * r;
        Vector2 line = leftEye - rightEye;
        return new FaceBox(sum.X * r, sum.Y * r, sum.Width * r, sum.Height * r, score, MathF.Atan2(line.Y, line.X))
        {
            RightEye = rightEye,
            LeftEye = leftEye,
            Nose = sum.Nose * r,
            Mouth = sum.Mouth * r,
            RightEar = sum.RightEar * r,
            LeftEar = sum.LeftEar * r,
        };
    }
}
