using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The canonical face laid flat in the unit square: every vertex has one place, no two triangles overlap, and left and right are mirror
/// images (u to 1 − u). Photos are baked into this one picture, so that a frame reads one texture whatever the photos were.
/// </summary>
internal sealed class FaceAtlas
{
    /// <summary>Centimetres of the canonical face along the edge of the square.</summary>
    public const float Span = 23;

    /// <summary>How much the depth of the cheeks and the forehead is unrolled outward, a centimetre.</summary>
    private const float UnrollX = 0.04f;
    private const float UnrollY = 0.02f;

    /// <summary>Depth of the tip of the nose and height of its middle, in centimetres of the canonical face.</summary>
    private const float FrontDepth = 7.5f;
    private const float MiddleY = -1;
    private const int MostRelaxations = 400;

    public FaceAtlas(CanonicalMesh mesh)
    {
        Mesh = mesh;
        Places = Unroll(mesh.Vertices);
        Untangle(mesh, Places);
        SkinWeights = FindSkin(Places);
        RimWeights = FindRim(mesh, Places);
    }

    public CanonicalMesh Mesh { get; }

    /// <summary>u, v of each vertex, 0 to 1, v downwards.</summary>
    public float[] Places { get; }

    /// <summary>Per vertex: 1 on plain skin, 0 on and around brows, eyes, lips and nostrils.</summary>
    public float[] SkinWeights { get; }

    /// <summary>Per vertex: 1 on the outline of the face, falling to 0 some centimetres inside it.</summary>
    public float[] RimWeights { get; }

    /// <summary>v of the mouth's corners: below lies chin and jaw.</summary>
    public float MouthRow => Places[(2 * MeshRings.OuterLips[0]) + 1];

    /// <summary>The vertices on a ring and inside it.</summary>
    public IEnumerable<int> Inside(ReadOnlySpan<int> ring)
    {
        List<int> inside = [.. ring];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            if (!inside.Contains(i) && Contains(Places, ring, Places[2 * i], Places[(2 * i) + 1]))
            {
                inside.Add(i);
            }
        }

        return inside;
    }

    private static float[] Unroll(float[] vertices)
    {
        float[] places = new float[CanonicalMesh.VertexCount * 2];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            float behind = FrontDepth - vertices[(3 * i) + 2];
            places[2 * i] = 0.5f + (vertices[3 * i] * (1 + (UnrollX * behind)) / Span);
            float y = (vertices[(3 * i) + 1] - MiddleY) * (1 + (UnrollY * behind));
            places[(2 * i) + 1] = 0.52f - (y / Span);
        }

        return places;
    }

    /// <summary>
    /// A few triangles at the nostrils and the corners of the eyes fold over when laid flat: their inner vertices move towards the mean of
    /// their neighbours until nothing overlaps. All move at once, so that the mirror symmetry stays.
    /// </summary>
    private static void Untangle(CanonicalMesh mesh, float[] places)
    {
        bool[] boundary = new bool[CanonicalMesh.VertexCount];
        foreach (int i in mesh.Oval)
        {
            boundary[i] = true;
        }

        SortedSet<int>[] neighbours = Neighbours(mesh.Triangles);
        for (int round = 0; round < MostRelaxations; round++)
        {
            SortedSet<int> folded = Folded(mesh.Triangles, places);
            if (folded.Count == 0)
            {
                return;
            }

            float[] before = (float[])places.Clone();
            foreach (int i in folded.Where(i => !boundary[i]))
            {
                for (int k = 0; k < 2; k++)
                {
                    float mean = neighbours[i].Average(n => before[(2 * n) + k]);
                    places[(2 * i) + k] = 0.5f * (before[(2 * i) + k] + mean);
                }
            }
        }
    }

    private static SortedSet<int> Folded(int[] triangles, float[] places)
    {
        const float FlattestArea = -2e-6f;
        SortedSet<int> folded = [];
        for (int i = 0; i < triangles.Length; i += 3)
        {
            int a = 2 * triangles[i];
            int b = 2 * triangles[i + 1];
            int c = 2 * triangles[i + 2];
            float area =
                ((places[b] - places[a]) * (places[c + 1] - places[a + 1]))
                - ((places[c] - places[a]) * (places[b + 1] - places[a + 1]));
            if (area > FlattestArea)
            {
                folded.Add(triangles[i]);
                folded.Add(triangles[i + 1]);
                folded.Add(triangles[i + 2]);
            }
        }

        return folded;
    }

    private static SortedSet<int>[] Neighbours(int[] triangles)
    {
        SortedSet<int>[] neighbours = new SortedSet<int>[CanonicalMesh.VertexCount];
        for (int i = 0; i < neighbours.Length; i++)
        {
            neighbours[i] = [];
        }

        for (int i = 0; i < triangles.Length; i++)
        {
            int next = triangles[i % 3 == 2 ? i - 2 : i + 1];
            neighbours[triangles[i]].Add(next);
            neighbours[next].Add(triangles[i]);
        }

        return neighbours;
    }

    private static float[] FindRim(CanonicalMesh mesh, float[] places)
    {
        const float Depth = 2.5f / Span;
        float[] rim = new float[CanonicalMesh.VertexCount];
        for (int i = 0; i < rim.Length; i++)
        {
            float nearest = mesh.Oval.Min(o => Distance(places, i, o));
            rim[i] = 1 - Math.Clamp(nearest / Depth, 0, 1);
        }

        return rim;
    }

    private static float Distance(float[] places, int a, int b)
    {
        float x = places[2 * a] - places[2 * b];
        float y = places[(2 * a) + 1] - places[(2 * b) + 1];
        return MathF.Sqrt((x * x) + (y * y));
    }

    private static float[] FindSkin(float[] places)
    {
        float[] skin = new float[CanonicalMesh.VertexCount];
        Array.Fill(skin, 1f);
        Clear(skin, places, MeshRings.RightBrow, 1.35f);
        Clear(skin, places, MeshRings.LeftBrow, 1.35f);
        Clear(skin, places, MeshRings.RightEye, 1.8f);
        Clear(skin, places, MeshRings.LeftEye, 1.8f);
        Clear(skin, places, MeshRings.OuterLips, 1.25f);
        Clear(skin, places, MeshRings.Nose, 1.1f);
        return skin;
    }

    /// <summary>Clears the vertices inside a ring that was grown about its middle.</summary>
    private static void Clear(float[] skin, float[] places, ReadOnlySpan<int> ring, float grow)
    {
        float middleX = 0;
        float middleY = 0;
        foreach (int i in ring)
        {
            middleX += places[2 * i] / ring.Length;
            middleY += places[(2 * i) + 1] / ring.Length;
        }

        for (int i = 0; i < skin.Length; i++)
        {
            float x = middleX + ((places[2 * i] - middleX) / grow);
            float y = middleY + ((places[(2 * i) + 1] - middleY) / grow);
            if (Contains(places, ring, x, y))
            {
                skin[i] = 0;
            }
        }
    }

    /// <summary>Even-odd rule.</summary>
    private static bool Contains(float[] places, ReadOnlySpan<int> ring, float x, float y)
    {
        bool inside = false;
        for (int i = 0; i < ring.Length; i++)
        {
            int a = 2 * ring[i];
            int b = 2 * ring[(i + 1) % ring.Length];
            if (places[a + 1] <= y == places[b + 1] <= y)
            {
                continue;
            }

            float t = (y - places[a + 1]) / (places[b + 1] - places[a + 1]);
            inside ^= x < places[a] + (t * (places[b] - places[a]));
        }

        return inside;
    }
}
