using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>Identity of a face: five points of the mesh are laid on the ArcFace template of 112x112 pixels (Deng et al. 2019).</summary>
internal sealed class FaceEmbedder : IDisposable
{
    public const int Length = 192;

    private const int InputSize = 112;

    private readonly BoundSession _session;
    private readonly float[] _output;

    public FaceEmbedder(FaceModels models)
    {
        _session = new BoundSession(models.EmbeddingSession, "embedding");
        _output = _session.Output("embedding", Length);
    }

    /// <summary>Person's right eye, left eye, nose tip, right and left mouth corner; pixel centres at whole numbers.</summary>
    private static ReadOnlySpan<float> Template =>
        [38.2946f, 51.6963f, 73.5318f, 51.5014f, 56.0252f, 71.7366f, 41.5493f, 92.3655f, 70.7299f, 92.2041f];

    /// <param name="landmarks">x, y, z of each mesh point in frame pixels.</param>
    /// <param name="unit">Receives the unit-length embedding, <see cref="Length"/> values.</param>
    public void Embed(Frame frame, ReadOnlySpan<float> landmarks, Span<float> unit)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(unit.Length, Length);
        Span<float> points = stackalloc float[FacePoints.Length];
        FacePoints.FromMesh(landmarks, points);
        AffineMatrix toFrame = AffineMatrix.EstimateSimilarity(Template, points);
        CropSampler.ToRgb(frame, toFrame, InputSize, InputSize, 1f / 128, -127.5f / 128, _session.Input);
        _session.Run();
        _session.RequireFinite();
        Embeddings.Normalise(_output, unit);
    }

    public void Dispose() => _session.Dispose();
}
