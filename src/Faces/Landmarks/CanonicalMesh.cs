using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The neutral face that the mesh model's points belong to: 468 vertices, 898 triangles without holes, the oval around them, and which
/// vertex mirrors which. Axes of the vertices: x to the person's left, y up, z towards the camera, in centimetres.
/// </summary>
public sealed class CanonicalMesh
{
    public const int VertexCount = 468;
    public const int TriangleCount = 898;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="vertices">x, y, z of each vertex.</param>
    /// <param name="triangles">Three vertex indices a triangle.</param>
    public CanonicalMesh(float[] vertices, int[] triangles)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vertices.Length, VertexCount * 3);
        ArgumentOutOfRangeException.ThrowIfNotEqual(triangles.Length, TriangleCount * 3);
        Vertices = vertices;
        Triangles = triangles;
        Mirror = FindMirrors(vertices);
        Oval = WalkBoundary(triangles);
    }

    /// <summary>x, y, z of each of the 468 vertices.</summary>
    public float[] Vertices { get; }

    /// <summary>Three vertex indices for each of the 898 triangles.</summary>
    public int[] Triangles { get; }

    /// <summary>For each vertex the one on the other side of the face; on the middle line itself.</summary>
    public int[] Mirror { get; }

    /// <summary>The closed outline of the face: 36 vertices, beginning at the top of the forehead (10).</summary>
    public int[] Oval { get; }

    /// <summary>Reads the mesh file of the models folder: JSON with <c>vertices</c> (x, y, z after one another) and <c>triangles</c>.</summary>
    /// <exception cref="ModelException"><c>model-load</c>: the bytes are not such a file.</exception>
    public static CanonicalMesh Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            MeshFile? file = JsonSerializer.Deserialize<MeshFile>(json, Json);
            if (file is { Vertices.Length: VertexCount * 3, Triangles.Length: TriangleCount * 3 })
            {
                return new CanonicalMesh(file.Vertices, file.Triangles);
            }
        }
        catch (JsonException e)
        {
            throw new ModelException(
                "model-load",
                $"The canonical mesh is not valid JSON ({e.Message}); restore models/ from the release.",
                inner: e
            );
        }

        throw new ModelException(
            "model-load",
            $"The canonical mesh does not hold {VertexCount} vertices and {TriangleCount} triangles; restore models/ from the release."
        );
    }

    private static int[] FindMirrors(float[] v)
    {
        int[] mirror = new int[VertexCount];
        for (int i = 0; i < VertexCount; i++)
        {
            float best = float.MaxValue;
            for (int j = 0; j < VertexCount; j++)
            {
                float dx = v[3 * i] + v[3 * j];
                float dy = v[(3 * i) + 1] - v[(3 * j) + 1];
                float dz = v[(3 * i) + 2] - v[(3 * j) + 2];
                float distance = (dx * dx) + (dy * dy) + (dz * dz);
                if (distance < best)
                {
                    best = distance;
                    mirror[i] = j;
                }
            }
        }

        return mirror;
    }

    /// <summary>The mesh has no holes, so the edges that belong to one triangle only form a single ring.</summary>
    private static int[] WalkBoundary(int[] triangles)
    {
        const int Top = 10;
        Dictionary<(int, int), int> uses = [];
        for (int i = 0; i < triangles.Length; i++)
        {
            int from = triangles[i];
            int to = triangles[i % 3 == 2 ? i - 2 : i + 1];
            (int, int) edge = from < to ? (from, to) : (to, from);
            uses[edge] = uses.GetValueOrDefault(edge) + 1;
        }

        ILookup<int, int> neighbours = uses.Where(edge => edge.Value == 1)
            .SelectMany(edge => new[] { edge.Key, (edge.Key.Item2, edge.Key.Item1) })
            .ToLookup(edge => edge.Item1, edge => edge.Item2);
        List<int> ring = [Top];
        int previous = -1;
        int current = Top;
        while (true)
        {
            int next = neighbours[current].First(n => n != previous);
            if (next == Top)
            {
                return [.. ring];
            }

            ring.Add(next);
            previous = current;
            current = next;
        }
    }

    private sealed record MeshFile(float[] Vertices, int[] Triangles);
}
