using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The attention mesh (Grishchenko et al. 2020): 468 points from a 192x192 crop, lips and eyes refined by their own heads, and five points
/// for each iris. The crop is a square of 1.5 times the box, turned with the line of the eyes.
/// </summary>
internal sealed class MeshFinder : IDisposable
{
    private const int InputSize = 192;
    private const float CropGrowth = 1.5f;

    private readonly BoundSession _session;
    private readonly float[] _mesh;
    private readonly float[] _lips;
    private readonly float[] _rightEye;
    private readonly float[] _leftEye;
    private readonly float[] _rightIris;
    private readonly float[] _leftIris;
    private readonly float[] _flag;

    public MeshFinder(FaceModels models)
    {
        _session = new BoundSession(models.MeshSession, "mesh");
        _mesh = _session.Output("output_mesh_identity", CanonicalMesh.VertexCount * 3);
        _lips = _session.Output("output_lips", MeshRefinement.Lips.Length * 2);

        // The model's "left" is the picture's: the person's right.
        _rightEye = _session.Output("output_left_eye", MeshRefinement.RightEye.Length * 2);
        _leftEye = _session.Output("output_right_eye", MeshRefinement.LeftEye.Length * 2);
        _rightIris = _session.Output("output_left_iris", 10);
        _leftIris = _session.Output("output_right_iris", 10);
        _flag = _session.Output("conv_faceflag", 1);
    }

    /// <summary>Returns the mesh score, 0 to 1.</summary>
    public float Find(Frame frame, in FaceBox place, Span<float> xyz)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(xyz.Length, TrackedFace.LandmarkCount * 3);
        AffineMatrix toFrame = AffineMatrix.CropToFrame(
            place.CenterX,
            place.CenterY,
            CropGrowth * place.Size,
            place.Angle,
            InputSize
        );
        CropSampler.ToRgb(frame, toFrame, InputSize, InputSize, 1f / 255, 0, _session.Input);
        _session.Run();
        _mesh.CopyTo(xyz);
        Refine(xyz, MeshRefinement.Lips, _lips);
        Refine(xyz, MeshRefinement.RightEye, _rightEye);
        Refine(xyz, MeshRefinement.LeftEye, _leftEye);
        AddIris(xyz, MeshRings.RightIris[0], _rightIris, MeshRings.RightEye);
        AddIris(xyz, MeshRings.LeftIris[0], _leftIris, MeshRings.LeftEye);
        ToFrame(xyz, toFrame);
        return 1 / (1 + MathF.Exp(-_flag[0]));
    }

    public void Dispose() => _session.Dispose();

    private static void Refine(Span<float> xyz, ReadOnlySpan<int> vertices, ReadOnlySpan<float> xy)
    {
        for (int i = 0; i < vertices.Length; i++)
        {
            int at = vertices[i] * 3;
            xyz[at] = xy[2 * i];
            xyz[at + 1] = xy[(2 * i) + 1];
        }
    }

    private static void AddIris(Span<float> xyz, int first, ReadOnlySpan<float> xy, ReadOnlySpan<int> eye)
    {
        float z = 0;
        foreach (int vertex in eye)
        {
            z += xyz[(3 * vertex) + 2];
        }

        z /= eye.Length;
        for (int i = 0; i < 5; i++)
        {
            int at = (first + i) * 3;
            xyz[at] = xy[2 * i];
            xyz[at + 1] = xy[(2 * i) + 1];
            xyz[at + 2] = z;
        }
    }

    /// <summary>
    /// The model counts from the crop's corner; frame coordinates have pixel centres at whole numbers. Rounded to 1/64 pixel, so that a
    /// sidecar gives back the very same values.
    /// </summary>
    private static void ToFrame(Span<float> xyz, in AffineMatrix toFrame)
    {
        float scale = toFrame.Scale;
        for (int i = 0; i < xyz.Length; i += 3)
        {
            (float x, float y) = toFrame.Apply(xyz[i] - 0.5f, xyz[i + 1] - 0.5f);
            xyz[i] = Quantise.Pixels(x);
            xyz[i + 1] = Quantise.Pixels(y);
            xyz[i + 2] = Quantise.Pixels(xyz[i + 2] * scale);
        }
    }
}
