namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>
/// Finds the faces that vanish before a frame and come back after it: the box is then placed on the straight way between. An end and a
/// birth belong together if each is the other's nearest in time (then in place), no cut lies between, and the place is plausible.
/// </summary>
internal sealed class GapCover(SightingWindow window, int maxGap)
{
    /// <summary>Farthest way between the centres, in box sizes, plus as much again for each second of a gap at 24 frames.</summary>
    private const float MaxDistance = 1;

    /// <summary>Calls for each face that is covered in frame <paramref name="number"/>.</summary>
    public void Cover(int number, List<FaceBox> into)
    {
        into.Clear();
        for (int n = Math.Max(window.First, number - maxGap); n < number; n++)
        {
            foreach (Sighting end in window[n].Faces)
            {
                if (end.Next is not null || BestBirth(n, end) is not ({ } birth, int bornAt) || bornAt <= number)
                {
                    continue;
                }

                if (BestEnd(bornAt, birth) is ({ } back, _) && ReferenceEquals(back, end))
                {
                    into.Add(FaceBox.Lerp(end.Box, birth.Box, (float)(number - n) / (bornAt - n)));
                }
            }
        }
    }

    private (Sighting? Birth, int Number) BestBirth(int endedAt, Sighting end)
    {
        int last = Math.Min(window.Next - 1, endedAt + maxGap + 1);
        for (int n = endedAt + 1; n <= last && window[n].Placed && !window[n].IsCut; n++)
        {
            if (n > endedAt + 1 && Nearest(window[n], end.Box, n - endedAt, births: true) is { } birth)
            {
                return (birth, n);
            }
        }

        return (null, 0);
    }

    private (Sighting? End, int Number) BestEnd(int bornAt, Sighting birth)
    {
        int first = Math.Max(window.First, bornAt - maxGap - 1);
        for (int n = bornAt - 1; n >= first && !window[n + 1].IsCut; n--)
        {
            if (n < bornAt - 1 && Nearest(window[n], birth.Box, bornAt - n, births: false) is { } end)
            {
                return (end, n);
            }
        }

        return (null, 0);
    }

    private static Sighting? Nearest(FrameSightings frame, in FaceBox box, int frames, bool births)
    {
        Sighting? best = null;
        float bestDistance = MaxDistance * (1 + (frames / 24f));
        foreach (Sighting face in frame.Faces)
        {
            bool free = births ? face.Previous is null : face.Next is null;
            float size = 0.5f * (face.Box.Size + box.Size);
            float dx = face.Box.CenterX - box.CenterX;
            float dy = face.Box.CenterY - box.CenterY;
            float distance = MathF.Sqrt((dx * dx) + (dy * dy)) / size;
            float ratio = face.Box.Size / box.Size;
            if (free && ratio is > 0.5f and < 2f && distance < bestDistance)
            {
                best = face;
                bestDistance = distance;
            }
        }

        return best;
    }
}
