using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>
/// Takes the mesh's jitter away without lag: each point is drawn towards the middles of the pairs of its places k frames before and k frames
/// after. A pair's middle lies on the point for any steady motion, so nothing trails; where it lies far off, the point really turns (a
/// blink, a syllable) and the pair is left out by a bell of that distance. Lips and eyelids have a narrower bell than the rest.
/// </summary>
internal sealed class LandmarkSmoother
{
    /// <summary>Width of the bell in eye distances: the mesh's own noise is about a quarter of it.</summary>
    private const float Width = 0.02f;

    private const float FineWidth = 0.008f;

    private readonly int _radius;
    private readonly float[] _weights;
    private readonly float[] _widths = new float[TrackedFace.LandmarkCount];
    private readonly Sighting[] _before;
    private readonly Sighting[] _after;

    /// <param name="radius">Frames to each side; 0: no smoothing.</param>
    public LandmarkSmoother(int radius)
    {
        _radius = radius;
        _before = new Sighting[radius];
        _after = new Sighting[radius];
        _weights = new float[radius];
        for (int k = 0; k < radius; k++)
        {
            // A pair stands for two samples; the bell in time has a deviation of half the window.
            float t = (k + 1) / (radius * 0.5f);
            _weights[k] = 2 * MathF.Exp(-0.5f * t * t);
        }

        _widths.AsSpan().Fill(Width);
        Narrow(MeshRings.InnerLips);
        Narrow(MeshRings.OuterLips);
        Narrow(MeshRings.RightEye);
        Narrow(MeshRings.LeftEye);
        Narrow(MeshRings.RightIris);
        Narrow(MeshRings.LeftIris);
    }

    /// <summary>Writes the face's smoothed points; its own mesh must lie on a face.</summary>
    public void Smooth(Sighting face, Span<float> xyz)
    {
        face.Landmarks.CopyTo(xyz);
        int pairs = CollectPairs(face);
        if (pairs == 0)
        {
            return;
        }

        float eyes = EyeDistance(face.Landmarks);
        ReadOnlySpan<float> own = face.Landmarks;
        for (int point = 0; point < _widths.Length; point++)
        {
            int at = point * 3;
            float width = _widths[point] * eyes;
            float narrowness = 1 / ((width * width) + 1e-12f);
            float x = own[at];
            float y = own[at + 1];
            float sumX = x;
            float sumY = y;
            float sumZ = own[at + 2];
            float weights = 1;
            for (int k = 0; k < pairs; k++)
            {
                float[] before = _before[k].Landmarks;
                float[] after = _after[k].Landmarks;
                float middleX = (before[at] + after[at]) * 0.5f;
                float middleY = (before[at + 1] + after[at + 1]) * 0.5f;
                float d = (((middleX - x) * (middleX - x)) + ((middleY - y) * (middleY - y))) * narrowness;
                float weight = _weights[k] / (1 + (d * d));
                sumX += weight * middleX;
                sumY += weight * middleY;
                sumZ += weight * (before[at + 2] + after[at + 2]) * 0.5f;
                weights += weight;
            }

            xyz[at] = sumX / weights;
            xyz[at + 1] = sumY / weights;
            xyz[at + 2] = sumZ / weights;
        }
    }

    /// <summary>Neighbours along the chain while both sides have a mesh that lies on the face.</summary>
    private int CollectPairs(Sighting face)
    {
        Sighting? before = face;
        Sighting? after = face;
        for (int k = 0; k < _radius; k++)
        {
            before = before.Previous;
            after = after.Next;
            if (before is not { Follows: true } || after is not { Follows: true })
            {
                return k;
            }

            _before[k] = before;
            _after[k] = after;
        }

        return _radius;
    }

    private static float EyeDistance(ReadOnlySpan<float> xyz)
    {
        const int Right = 33 * 3;
        const int Left = 263 * 3;
        float x = xyz[Left] - xyz[Right];
        float y = xyz[Left + 1] - xyz[Right + 1];
        float z = xyz[Left + 2] - xyz[Right + 2];
        return MathF.Sqrt((x * x) + (y * y) + (z * z));
    }

    private void Narrow(ReadOnlySpan<int> points)
    {
        foreach (int point in points)
        {
            _widths[point] = FineWidth;
        }
    }
}
