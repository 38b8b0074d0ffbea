using System.Numerics;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Scanning;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Moves the inner face of a target's mesh towards the source's own shape: nose, cheekbones and brows. The oval stays, so that the mask
/// fits the head, and so do lips and eyes, so that the kept interiors of mouth and eyes fit and the expression is untouched.
/// </summary>
internal sealed class FaceShape
{
    /// <summary>Centimetres from the oval, and from lips and eyes, within which the shift grows from nothing to whole.</summary>
    private const float Ramp = 1.2f;
    private const float FeatureRamp = 0.4f;

    /// <summary>Brows follow the target's expression: this much of the shift is held back on them, and how far around in centimetres.</summary>
    private const float BrowHold = 0.38f;
    private const float BrowRamp = 2f;
    private readonly float[] _canonical;
    private readonly float[] _weights;

    public FaceShape(CanonicalMesh mesh)
    {
        _canonical = mesh.Vertices;
        _weights = FindWeights(mesh);
    }

    /// <summary>The mean shape of the photos' meshes in the flipped canonical space; frontal photos count more.</summary>
    public static float[] Mean(CanonicalMesh mesh, IReadOnlyList<SourceFace> photos)
    {
        float[] mean = new float[CanonicalMesh.VertexCount * 3];
        float sum = 0;
        foreach (SourceFace photo in photos)
        {
            float weight = 1 / (1 + (photo.Yaw * photo.Yaw / 100));
            sum += weight;
            FacePose pose = FacePose.Fit(mesh.Vertices, photo.Landmarks);
            for (int i = 0; i < CanonicalMesh.VertexCount; i++)
            {
                Vector3 place = pose.Undo(FacePose.Point(photo.Landmarks, i)) * weight;
                mean[3 * i] += place.X;
                mean[(3 * i) + 1] += place.Y;
                mean[(3 * i) + 2] += place.Z;
            }
        }

        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] /= sum;
        }

        return mean;
    }

    /// <summary>Writes the moved vertices to <paramref name="moved"/>.</summary>
    /// <param name="landmarks">The target's mesh in pixels.</param>
    /// <param name="shape">The source's shape from <see cref="Mean"/>.</param>
    /// <param name="amount">0 leaves the target's geometry, 1 takes the source's where nothing holds it.</param>
    /// <param name="moved">x, y, z of each vertex.</param>
    public void Transfer(ReadOnlySpan<float> landmarks, ReadOnlySpan<float> shape, float amount, Span<float> moved)
    {
        landmarks[..moved.Length].CopyTo(moved);
        if (amount == 0)
        {
            return;
        }

        FacePose pose = FacePose.Fit(_canonical, landmarks);
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            if (_weights[i] == 0)
            {
                continue;
            }

            Vector3 own = pose.Undo(FacePose.Point(landmarks, i));
            Vector3 shift = pose.Carry((FacePose.Point(shape, i) - own) * (_weights[i] * amount));
            moved[3 * i] += shift.X;
            moved[(3 * i) + 1] += shift.Y;
            moved[(3 * i) + 2] += shift.Z;
        }
    }

    private static float[] FindWeights(CanonicalMesh mesh)
    {
        float[] weights = new float[CanonicalMesh.VertexCount];
        for (int i = 0; i < weights.Length; i++)
        {
            Vector3 place = FacePose.Canonical(mesh.Vertices, i);
            float oval = Smooth(Distance(mesh, place, mesh.Oval) / Ramp);
            float features = MathF.Min(
                Distance(mesh, place, MeshRings.OuterLips),
                MathF.Min(
                    Distance(mesh, place, MeshRings.InnerLips),
                    MathF.Min(Distance(mesh, place, MeshRings.RightEye), Distance(mesh, place, MeshRings.LeftEye))
                )
            );
            float brows = MathF.Min(
                Distance(mesh, place, MeshRings.RightBrow),
                Distance(mesh, place, MeshRings.LeftBrow)
            );
            float expressive = BrowHold * (1 - Smooth(brows / BrowRamp));
            weights[i] = oval * Smooth(features / FeatureRamp) * (1 - expressive);
        }

        return weights;
    }

    private static float Distance(CanonicalMesh mesh, Vector3 place, ReadOnlySpan<int> ring)
    {
        float nearest = float.MaxValue;
        foreach (int i in ring)
        {
            nearest = MathF.Min(nearest, Vector3.Distance(place, FacePose.Canonical(mesh.Vertices, i)));
        }

        return nearest;
    }

    private static float Smooth(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - (2 * t));
    }
}
