using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>How far each vertex of a mesh is turned to the camera.</summary>
internal static class MeshFacing
{
    /// <summary>
    /// Writes for each vertex the cosine between its normal (mean of its triangles' by area) and the way to the camera: 1 frontal, 0 edge
    /// on, negative turned away.
    /// </summary>
    /// <param name="landmarks">x, y, z with z away from the camera.</param>
    /// <param name="triangles">Three vertex indices each.</param>
    /// <param name="normals">Scratch, three values a vertex.</param>
    /// <param name="facing">One value a vertex.</param>
    public static void Find(
        ReadOnlySpan<float> landmarks,
        ReadOnlySpan<int> triangles,
        Span<float> normals,
        Span<float> facing
    )
    {
        normals = normals[..(CanonicalMesh.VertexCount * 3)];
        normals.Clear();
        for (int i = 0; i + 2 < triangles.Length; i += 3)
        {
            int a = 3 * triangles[i];
            int b = 3 * triangles[i + 1];
            int c = 3 * triangles[i + 2];
            float ux = landmarks[b] - landmarks[a];
            float uy = landmarks[b + 1] - landmarks[a + 1];
            float uz = landmarks[b + 2] - landmarks[a + 2];
            float vx = landmarks[c] - landmarks[a];
            float vy = landmarks[c + 1] - landmarks[a + 1];
            float vz = landmarks[c + 2] - landmarks[a + 2];
            float x = (uy * vz) - (uz * vy);
            float y = (uz * vx) - (ux * vz);
            float z = (ux * vy) - (uy * vx);
            Add(normals, a, x, y, z);
            Add(normals, b, x, y, z);
            Add(normals, c, x, y, z);
        }

        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            float x = normals[3 * i];
            float y = normals[(3 * i) + 1];
            float z = normals[(3 * i) + 2];

            // The triangles run so that a frontal one has a negative z.
            facing[i] = -z / MathF.Sqrt((x * x) + (y * y) + (z * z) + 1e-12f);
        }
    }

    private static void Add(Span<float> normals, int at, float x, float y, float z)
    {
        normals[at] += x;
        normals[at + 1] += y;
        normals[at + 2] += z;
    }
}
