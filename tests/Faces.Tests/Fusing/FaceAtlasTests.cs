using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing;

public sealed class FaceAtlasTests
{
    private static readonly CanonicalMesh Mesh = CanonicalMesh.Parse(
        File.ReadAllBytes(Path.Combine(Footage.SolutionFolder(), "models", "canonical-mesh.json"))
    );

    [Fact]
    public void Places_NoTriangle_FoldsOrLeavesTheSquare()
    {
        float[] places = new FaceAtlas(Mesh).Places;
        Assert.All(places, place => Assert.InRange(place, 0, 1));
        for (int i = 0; i < Mesh.Triangles.Length; i += 3)
        {
            int a = 2 * Mesh.Triangles[i];
            int b = 2 * Mesh.Triangles[i + 1];
            int c = 2 * Mesh.Triangles[i + 2];
            float area =
                ((places[b] - places[a]) * (places[c + 1] - places[a + 1]))
                - ((places[c] - places[a]) * (places[b + 1] - places[a + 1]));
            Assert.True(area < 0, $"Triangle {i / 3} is folded.");
        }
    }

    [Fact]
    public void Places_MirrorVertices_AreMirrored()
    {
        float[] places = new FaceAtlas(Mesh).Places;
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            Assert.Equal(1 - places[2 * i], places[2 * Mesh.Mirror[i]], 1e-4f);
            Assert.Equal(places[(2 * i) + 1], places[(2 * Mesh.Mirror[i]) + 1], 1e-4f);
        }
    }

    [Fact]
    public void LipBlend_OnTheAtlasItself_MovesNothing()
    {
        FaceAtlas atlas = new(Mesh);
        float[] vertices = new float[CanonicalMesh.VertexCount * 3];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            vertices[3 * i] = (atlas.Places[2 * i] * 200) + 30;
            vertices[(3 * i) + 1] = (atlas.Places[(2 * i) + 1] * 150) - 7;
        }

        float[] blended = (float[])vertices.Clone();
        new LipBlend(atlas).Apply(blended);
        for (int i = 0; i < vertices.Length; i++)
        {
            Assert.Equal(vertices[i], blended[i], 0.01f);
        }
    }
}
