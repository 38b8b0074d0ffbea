using FaceFusion.Batch.Faces.Landmarks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Landmarks;

public sealed class OutlinePointsTests
{
    /// <summary>The 300-W markup mirrors its points about the middle of the face; so must the vertices that stand for them.</summary>
    [Fact]
    public void FromMesh_CanonicalMesh_IsAFaceInTheMarkupsOrder()
    {
        float[] mesh = new float[TrackedFace.LandmarkCount * 3];
        TestModels.BuiltIn.Mesh.Vertices.CopyTo(mesh);
        float[] points = new float[2 * OutlinePoints.Count];
        OutlinePoints.FromMesh(mesh, points);
        for (int i = 0; i < OutlinePoints.Count; i++)
        {
            Assert.Equal(-points[2 * i], points[2 * MirrorOf(i)], 0.01f);
            Assert.Equal(points[(2 * i) + 1], points[(2 * MirrorOf(i)) + 1], 0.01f);
        }

        // The canonical mesh looks at the viewer, y up: ear over chin to ear, brows over eyes over nose over mouth.
        Assert.True(points[0] < points[2 * 8] && points[2 * 8] < points[2 * 16]);
        Assert.Equal(8, Enumerable.Range(0, OutlinePoints.Count).MinBy(i => points[(2 * i) + 1]));
        Assert.True(Y(19) > Y(37) && Y(37) > Y(30) && Y(30) > Y(33) && Y(33) > Y(51) && Y(51) > Y(57));

        float Y(int point) => points[(2 * point) + 1];
    }

    private static int MirrorOf(int point) =>
        point switch
        {
            < 17 => 16 - point,
            < 27 => 43 - point,
            < 31 => point,
            < 36 => 66 - point,
            < 40 => 81 - point,
            < 42 => 87 - point,
            < 46 => 81 - point,
            < 48 => 87 - point,
            < 55 => 102 - point,
            < 60 => 114 - point,
            < 65 => 124 - point,
            _ => 132 - point,
        };
}
