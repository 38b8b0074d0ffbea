namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>Pairs the faces of two frames by the overlap of their boxes.</summary>
internal static class BoxMatching
{
    /// <summary>
    /// Greedy, best overlap first, ties by order: repeatable, and for faces that do not overlap each other the same as the best
    /// assignment. <paramref name="partner"/> receives for each of <paramref name="from"/> an index into <paramref name="to"/> or -1.
    /// </summary>
    /// <returns>Number of pairs.</returns>
    public static int Match(List<Sighting> from, List<Sighting> to, float minOverlap, Span<int> partner)
    {
        Span<int> pairs = partner[..from.Count];
        pairs.Fill(-1);
        int count = 0;
        while (true)
        {
            float best = minOverlap;
            int bestFrom = -1;
            int bestTo = -1;
            for (int i = 0; i < from.Count; i++)
            {
                if (pairs[i] >= 0)
                {
                    continue;
                }

                for (int j = 0; j < to.Count; j++)
                {
                    float overlap = FaceBox.Overlap(from[i].Box, to[j].Box);
                    bool better = bestFrom < 0 ? overlap >= best : overlap > best;
                    if (better && !pairs.Contains(j))
                    {
                        (best, bestFrom, bestTo) = (overlap, i, j);
                    }
                }
            }

            if (bestFrom < 0)
            {
                return count;
            }

            pairs[bestFrom] = bestTo;
            count++;
        }
    }
}
