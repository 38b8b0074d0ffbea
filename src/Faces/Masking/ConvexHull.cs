namespace FaceFusion.Batch.Faces.Masking;

/// <summary>The smallest convex polygon around points (monotone chain, Andrew 1979).</summary>
public static class ConvexHull
{
    /// <summary>Sorts the points, and writes the corners in order of the outline.</summary>
    /// <param name="points">x and y of each.</param>
    /// <param name="hull">Receives x, y of each corner; room for one corner more than there are points.</param>
    /// <returns>Corners; fewer than 3 where the points lie on a line.</returns>
    public static int Find(Span<(float X, float Y)> points, Span<float> hull)
    {
        points.Sort();
        int count = 0;
        for (int i = 0; i < points.Length; i++)
        {
            count = Add(points[i], hull, count, 0);
        }

        int turn = count - 1;
        for (int i = points.Length - 2; i >= 0; i--)
        {
            count = Add(points[i], hull, count, turn);
        }

        // The first corner closes the ring.
        return Math.Max(count - 1, 0);
    }

    private static int Add((float X, float Y) point, Span<float> hull, int count, int bottom)
    {
        while (count >= bottom + 2 && !TurnsLeft(hull[(2 * (count - 2))..], point))
        {
            count--;
        }

        hull[2 * count] = point.X;
        hull[(2 * count) + 1] = point.Y;
        return count + 1;
    }

    private static bool TurnsLeft(ReadOnlySpan<float> two, (float X, float Y) point) =>
        ((two[2] - two[0]) * (point.Y - two[1])) - ((two[3] - two[1]) * (point.X - two[0])) > 0;
}
