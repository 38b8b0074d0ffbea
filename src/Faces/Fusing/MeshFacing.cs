using System.Numerics;
using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// How far each vertex of a face is turned to the camera. The normals are the canonical mesh's, turned as the head is: a mesh found in a
/// picture has too little depth around lips and lids to have normals of its own.
/// </summary>
internal sealed class MeshFacing
{
    private readonly float[] _canonical;
    private readonly Vector3[] _normals;

    public MeshFacing(CanonicalMesh mesh)
    {
        _canonical = mesh.Vertices;
        _normals = FindNormals(mesh);
    }

    /// <summary>
    /// Writes for each vertex the cosine between its normal and the way to the camera: 1 frontal, 0 edge on, negative turned away.
    /// </summary>
    public void Find(ReadOnlySpan<float> landmarks, Span<float> facing)
    {
        FacePose pose = FacePose.Fit(_canonical, landmarks);
        float unit = 1 / pose.Scale;
        for (int i = 0; i < _normals.Length; i++)
        {
            facing[i] = -pose.Carry(_normals[i]).Z * unit;
        }
    }

    /// <summary>The same in an array of its own.</summary>
    public float[] Of(ReadOnlySpan<float> landmarks)
    {
        float[] facing = new float[CanonicalMesh.VertexCount];
        Find(landmarks, facing);
        return facing;
    }

    /// <summary>Mean of the normals of a vertex's triangles by area, of unit length, pointing out of the face.</summary>
    private static Vector3[] FindNormals(CanonicalMesh mesh)
    {
        Vector3[] normals = new Vector3[CanonicalMesh.VertexCount];
        for (int i = 0; i < mesh.Triangles.Length; i += 3)
        {
            Vector3 a = FacePose.Canonical(mesh.Vertices, mesh.Triangles[i]);
            Vector3 b = FacePose.Canonical(mesh.Vertices, mesh.Triangles[i + 1]);
            Vector3 c = FacePose.Canonical(mesh.Vertices, mesh.Triangles[i + 2]);

            // With y down and z away, the triangles run so that this product points to the outside of the face.
            Vector3 normal = Vector3.Cross(b - a, c - a);
            for (int k = 0; k < 3; k++)
            {
                normals[mesh.Triangles[i + k]] += normal;
            }
        }

        for (int i = 0; i < normals.Length; i++)
        {
            normals[i] = Vector3.Normalize(normals[i]);
        }

        return normals;
    }
}
