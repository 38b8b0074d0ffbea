using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The mesh model refines the lips but not the skin around them, so that the lower lip may come to lie below the first row of the chin and
/// the triangles between fold over. The two rows around the lips are laid anew between the lips and the rest of the face: each vertex at
/// the mean-value coordinates (Floater 2003) that it has among its neighbours in the atlas.
/// </summary>
internal sealed class LipBlend
{
    private const int Sweeps = 12;
    private readonly int[] _moved;
    private readonly int[][] _neighbours;
    private readonly float[][] _weights;

    public LipBlend(FaceAtlas atlas)
    {
        bool[] lips = new bool[CanonicalMesh.VertexCount];
        foreach (int i in atlas.Inside(MeshRings.OuterLips))
        {
            lips[i] = true;
        }

        SortedSet<int> first = Around(atlas, i => lips[i], i => !lips[i]);
        SortedSet<int> second = Around(atlas, first.Contains, i => !lips[i] && !first.Contains(i));

        // An opened mouth pushes the lower lip beyond the second row of the chin too; above, the third row is the nose's.
        SortedSet<int> third = Around(
            atlas,
            second.Contains,
            i => !lips[i] && !first.Contains(i) && !second.Contains(i) && IsChin(atlas, i)
        );
        _moved = [.. first, .. second, .. third];
        _neighbours = [.. _moved.Select(i => Ring(atlas.Mesh.Triangles, i))];
        _weights = [.. _moved.Select((vertex, at) => MeanValues(atlas.Places, vertex, _neighbours[at]))];
    }

    /// <summary>Moves the rows around the lips in <paramref name="vertices"/> (x, y, z each), in x and y.</summary>
    public void Apply(Span<float> vertices)
    {
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int i = 0; i < _moved.Length; i++)
            {
                float x = 0;
                float y = 0;
                int[] neighbours = _neighbours[i];
                float[] weights = _weights[i];
                for (int n = 0; n < neighbours.Length; n++)
                {
                    x += weights[n] * vertices[3 * neighbours[n]];
                    y += weights[n] * vertices[(3 * neighbours[n]) + 1];
                }

                vertices[3 * _moved[i]] = x;
                vertices[(3 * _moved[i]) + 1] = y;
            }
        }
    }

    private static bool IsChin(FaceAtlas atlas, int i) =>
        atlas.Places[(2 * i) + 1] > atlas.MouthRow && !atlas.Mesh.Oval.Contains(i);

    private static SortedSet<int> Around(FaceAtlas atlas, Func<int, bool> inner, Func<int, bool> wanted)
    {
        SortedSet<int> around = [];
        int[] triangles = atlas.Mesh.Triangles;
        for (int i = 0; i < triangles.Length; i += 3)
        {
            if (inner(triangles[i]) || inner(triangles[i + 1]) || inner(triangles[i + 2]))
            {
                around.UnionWith(triangles[i..(i + 3)].Where(wanted));
            }
        }

        return around;
    }

    /// <summary>The neighbours of an inner vertex in the order around it.</summary>
    private static int[] Ring(int[] triangles, int vertex)
    {
        Dictionary<int, int> next = [];
        for (int i = 0; i < triangles.Length; i++)
        {
            if (triangles[i] == vertex)
            {
                int triangle = i - (i % 3);
                next[triangles[triangle + ((i + 1) % 3)]] = triangles[triangle + ((i + 2) % 3)];
            }
        }

        int start = next.Keys.Min();
        List<int> ring = [start];
        for (int at = next[start]; at != start; at = next[at])
        {
            ring.Add(at);
        }

        return [.. ring];
    }

    private static float[] MeanValues(float[] places, int vertex, int[] ring)
    {
        float[] halfTangents = new float[ring.Length];
        for (int i = 0; i < ring.Length; i++)
        {
            (float ax, float ay) = Way(places, vertex, ring[i]);
            (float bx, float by) = Way(places, vertex, ring[(i + 1) % ring.Length]);
            float angle = MathF.Abs(MathF.Atan2((ax * by) - (ay * bx), (ax * bx) + (ay * by)));
            halfTangents[i] = MathF.Tan(angle / 2);
        }

        float[] weights = new float[ring.Length];
        float sum = 0;
        for (int i = 0; i < ring.Length; i++)
        {
            (float x, float y) = Way(places, vertex, ring[i]);
            float before = halfTangents[(i + ring.Length - 1) % ring.Length];
            weights[i] = (before + halfTangents[i]) / MathF.Sqrt((x * x) + (y * y));
            sum += weights[i];
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }

        return weights;
    }

    private static (float X, float Y) Way(float[] places, int from, int to) =>
        (places[2 * to] - places[2 * from], places[(2 * to) + 1] - places[(2 * from) + 1]);
}
