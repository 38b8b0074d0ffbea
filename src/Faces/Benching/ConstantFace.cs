using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Benching;

/// <summary>What the built-in networks say where a benchmark wants the same frontal face in the middle of every picture.</summary>
internal sealed class ConstantFace
{
    private const int Grid = 48;
    private const int BoxValues = 16;
    private const float MeshSize = 192;
    private const float CropGrowth = 1.5f;

    private readonly Dictionary<string, float[]> _answers;

    /// <param name="mesh">The face's shape.</param>
    public ConstantFace(CanonicalMesh mesh) =>
        _answers = new Dictionary<string, float[]>
        {
            ["boxes"] = Boxes(),
            ["logits"] = Logits(),
            ["landmarks"] = Landmarks(mesh),
            ["score"] = [1],
            ["embedding"] = [.. Enumerable.Range(0, FrameAnalyser.EmbeddingLength).Select(i => MathF.Sin(i + 1))],
        };

    private static int Anchor => (Grid / 2 * Grid) + (Grid / 2);

    /// <summary>Values of the output with this name for one picture.</summary>
    public ReadOnlySpan<float> Of(string output) => _answers[output];

    /// <summary>Width and height, then right eye, left eye, nose, mouth and ears, in pixels of the detector's picture.</summary>
    private static float[] Boxes()
    {
        float[] values = new float[Grid * Grid * BoxValues];
        ReadOnlySpan<float> face = [0, 0, 64, 64, -14, -14, 14, -14, 0, 2, 0, 16, -28, -8, 28, -8];
        face.CopyTo(values.AsSpan(Anchor * BoxValues));
        return values;
    }

    private static float[] Logits()
    {
        float[] values = new float[Grid * Grid];
        Array.Fill(values, -20);
        values[Anchor] = 4;
        return values;
    }

    /// <summary>As large as the box that the crop was made of, upright.</summary>
    private static float[] Landmarks(CanonicalMesh mesh)
    {
        const int Points = TrackedFace.LandmarkCount;
        float[] xyz = new float[3 * Points];
        float[] xs = [.. mesh.Vertices.Where((_, i) => i % 3 == 0)];
        float[] ys = [.. mesh.Vertices.Where((_, i) => i % 3 == 1)];
        float scale = MeshSize / CropGrowth / Math.Max(xs.Max() - xs.Min(), ys.Max() - ys.Min());
        float middleX = (xs.Max() + xs.Min()) / 2;
        float middleY = (ys.Max() + ys.Min()) / 2;
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            // The mesh's axes point right, up and to the viewer; the picture's right, down and away.
            xyz[3 * i] = (MeshSize / 2) + (scale * (mesh.Vertices[3 * i] - middleX));
            xyz[(3 * i) + 1] = (MeshSize / 2) - (scale * (mesh.Vertices[(3 * i) + 1] - middleY));
            xyz[(3 * i) + 2] = -scale * mesh.Vertices[(3 * i) + 2];
        }

        Iris(xyz, CanonicalMesh.VertexCount, 33, 133);
        Iris(xyz, CanonicalMesh.VertexCount + 5, 263, 362);
        return xyz;
    }

    /// <summary>Five points between the corners of an eye.</summary>
    private static void Iris(float[] xyz, int first, int outer, int inner)
    {
        ReadOnlySpan<(int X, int Y)> around = [(0, 0), (1, 0), (0, -1), (-1, 0), (0, 1)];
        for (int i = 0; i < around.Length; i++)
        {
            int at = 3 * (first + i);
            xyz[at] = ((xyz[3 * outer] + xyz[3 * inner]) / 2) + (3 * around[i].X);
            xyz[at + 1] = ((xyz[(3 * outer) + 1] + xyz[(3 * inner) + 1]) / 2) + (3 * around[i].Y);
            xyz[at + 2] = (xyz[(3 * outer) + 2] + xyz[(3 * inner) + 2]) / 2;
        }
    }
}
