using FaceFusion.Batch.Faces.Landmarks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Landmarks;

public sealed class CanonicalMeshTests
{
    private readonly CanonicalMesh _mesh = TestModels.BuiltIn.Mesh;

    [Fact]
    public void Oval_IsTheClosedRingOf36Vertices()
    {
        Assert.Equal(36, _mesh.Oval.Length);
        Assert.Equal(36, _mesh.Oval.Distinct().Count());
        Assert.Equal(10, _mesh.Oval[0]);
        Assert.Contains(152, _mesh.Oval);
        Assert.Contains(234, _mesh.Oval);
        Assert.Contains(454, _mesh.Oval);
    }

    [Fact]
    public void Mirror_Twice_IsTheSameVertex()
    {
        Assert.All(Enumerable.Range(0, CanonicalMesh.VertexCount), i => Assert.Equal(i, _mesh.Mirror[_mesh.Mirror[i]]));
        Assert.Equal(263, _mesh.Mirror[33]);
        Assert.Equal(291, _mesh.Mirror[61]);
        Assert.Equal(1, _mesh.Mirror[1]);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(30, 0, 0)]
    [InlineData(-45, 0, 20)]
    [InlineData(0, 25, -90)]
    [InlineData(20, -15, 175)]
    public void HeadPose_TurnedMesh_IsMeasuredWhateverTheRoll(float yaw, float pitch, float roll)
    {
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];
        (double sy, double cy) = Math.SinCos(yaw * Math.PI / 180);
        (double sp, double cp) = Math.SinCos(pitch * Math.PI / 180);
        (double sr, double cr) = Math.SinCos(roll * Math.PI / 180);
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            double x = _mesh.Vertices[3 * i];
            double y = _mesh.Vertices[(3 * i) + 1];
            double z = _mesh.Vertices[(3 * i) + 2];

            // Nod, then turn to the person's left, then look at it with y down and z away, rolled clockwise.
            (y, z) = ((cp * y) + (sp * z), (-sp * y) + (cp * z));
            (x, z) = ((cy * x) + (sy * z), (-sy * x) + (cy * z));
            (double u, double v, double w) = (x, -y, -z);
            xyz[3 * i] = (float)(500 + (20 * ((cr * u) - (sr * v))));
            xyz[(3 * i) + 1] = (float)(400 + (20 * ((sr * u) + (cr * v))));
            xyz[(3 * i) + 2] = (float)(20 * w);
        }

        (float foundYaw, float foundPitch) = HeadPose.Measure(xyz, _mesh);

        Assert.InRange(foundYaw, yaw - 2, yaw + 2);
        Assert.InRange(foundPitch, pitch - 2, pitch + 2);
    }
}
