using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Faces.Expression;

/// <summary>The arithmetic of LivePortrait's key points (Guo et al. 2024).</summary>
internal static class KeyPoints
{
    /// <summary>Factor 100 goes a fifth beyond the target's expression.</summary>
    private const float Most = 1.2f;

    private static ReadOnlySpan<byte> UpperFace => [1, 2, 6, 10, 11, 12, 13, 15, 16];

    private static ReadOnlySpan<byte> LowerFace => [3, 7, 14, 17, 18, 19, 20];

    /// <summary>
    /// An expression between that of the face as it is and the wanted one: <c>own · (1 − f) + wanted · f</c> with f from 0 to 1.2, for the
    /// points of the areas. The others, and 0, 4, 5, 8 and 9 always, keep their own.
    /// </summary>
    /// <param name="own">x, y, z of each point, <see cref="HeadMotion.Values"/> numbers; so are the others.</param>
    /// <param name="factor">0 to 100.</param>
    public static void Mix(
        ReadOnlySpan<float> own,
        ReadOnlySpan<float> wanted,
        int factor,
        IReadOnlyList<ExpressionArea> areas,
        Span<float> mixed
    )
    {
        float share = factor / 100f * Most;
        own.CopyTo(mixed);
        for (int area = 0; area < areas.Count; area++)
        {
            foreach (byte point in areas[area] == ExpressionArea.UpperFace ? UpperFace : LowerFace)
            {
                for (int i = 3 * point; i < (3 * point) + 3; i++)
                {
                    mixed[i] = (own[i] * (1 - share)) + (wanted[i] * share);
                }
            }
        }
    }

    /// <summary>
    /// Key points of a face that has the head of <paramref name="motion"/> and another expression:
    /// <c>scale · (calm · Rᵀ + expression) + translation</c>, with R = Rz(roll) · Ry(yaw) · Rx(pitch): turned about the fixed axes x, y and
    /// z, one after another.
    /// </summary>
    /// <param name="expression">x, y, z of each point.</param>
    /// <param name="placed">Receives x, y, z of each.</param>
    public static void Place(HeadMotion motion, ReadOnlySpan<float> expression, Span<float> placed)
    {
        (double sx, double cx) = Math.SinCos(motion.Pitch * Math.PI / 180);
        (double sy, double cy) = Math.SinCos(motion.Yaw * Math.PI / 180);
        (double sz, double cz) = Math.SinCos(motion.Roll * Math.PI / 180);
        ReadOnlySpan<double> rotation =
        [
            cz * cy,
            (cz * sy * sx) - (sz * cx),
            (cz * sy * cx) + (sz * sx),
            sz * cy,
            (sz * sy * sx) + (cz * cx),
            (sz * sy * cx) - (cz * sx),
            -sy,
            cy * sx,
            cy * cx,
        ];
        for (int point = 0; point < HeadMotion.Values; point += 3)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                // A row of points times Rᵀ is R times the column.
                double turned =
                    (rotation[3 * axis] * motion.Calm[point])
                    + (rotation[(3 * axis) + 1] * motion.Calm[point + 1])
                    + (rotation[(3 * axis) + 2] * motion.Calm[point + 2]);
                placed[point + axis] =
                    (float)(motion.Scale * (turned + expression[point + axis])) + motion.Translation[axis];
            }
        }
    }
}
