using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>
/// The family <c>arcface</c> (Deng et al. 2019), whose embeddings FaceFusion's swappers take: 512 values as the network gives them, of a
/// length that differs from face to face, and the same at length 1 to compare by.
/// </summary>
internal sealed class ArcfaceEmbedder : IDisposable
{
    public const int Length = 512;

    private readonly AlignedSession _session;
    private readonly float[] _output;

    /// <exception cref="ModelException">The model cannot be loaded, or is not of the family (<c>model-shape</c>).</exception>
    public ArcfaceEmbedder(ModelSessions models, ModelCard card)
    {
        _session = new AlignedSession(models, card, FaceTemplate.Arcface112V2);
        _output = _session.Output(0, Length);
    }

    /// <param name="five">x, y of the face's five points in frame pixels.</param>
    /// <param name="raw">Receives the network's values.</param>
    /// <param name="unit">Receives them at length 1.</param>
    public void Embed(Frame frame, ReadOnlySpan<float> five, Span<float> raw, Span<float> unit)
    {
        _session.Run(frame, five);
        _output.CopyTo(raw);
        Embeddings.Normalise(_output, unit);
    }

    public void Dispose() => _session.Dispose();
}
