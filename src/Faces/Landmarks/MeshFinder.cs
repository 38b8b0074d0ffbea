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
    private readonly float[] _points;
    private readonly float[] _score;

    public MeshFinder(FaceModels models)
    {
        _session = new BoundSession(models.MeshSession, "face mesh");
        _points = _session.Output("landmarks", TrackedFace.LandmarkCount * 3);
        _score = _session.Output("score", 1);
    }

    /// <summary>Returns the mesh score, 0 to 1.</summary>
    /// <param name="xyz">
    /// Points in frame pixels with pixel centres at whole numbers; the model counts from the crop's corner. Rounded to 1/64 pixel, so that
    /// a sidecar gives back the very same values.
    /// </param>
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
        _session.RequireFinite();
        float scale = toFrame.Scale;
        for (int i = 0; i < xyz.Length; i += 3)
        {
            (float x, float y) = toFrame.Apply(_points[i] - 0.5f, _points[i + 1] - 0.5f);
            xyz[i] = Quantise.Pixels(x);
            xyz[i + 1] = Quantise.Pixels(y);
            xyz[i + 2] = Quantise.Pixels(_points[i + 2] * scale);
        }

        return Quantise.Unit(_score[0]);
    }

    public void Dispose() => _session.Dispose();
}
