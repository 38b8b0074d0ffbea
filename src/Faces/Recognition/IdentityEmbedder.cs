using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>
/// One thread's recogniser of the family <c>arcface</c> (Deng et al. 2019), whose embeddings swap networks take: values as the network
/// gives them, of a length that differs from face to face. (What the tracking compares comes from the built-in recogniser.)
/// </summary>
public sealed class IdentityEmbedder : IDisposable
{
    private readonly AlignedSession _session;
    private readonly float[] _output;

    /// <param name="card">A recogniser, such as <c>arcface</c>.</param>
    /// <exception cref="ModelException">The model cannot be loaded, or is not as its card says (<c>model-shape</c>).</exception>
    public IdentityEmbedder(ModelSessions sessions, ModelCard card)
    {
        _session = new AlignedSession(sessions, card, FaceTemplate.Arcface112V2);
        _output = _session.Output(0);
    }

    /// <summary>Values of one embedding.</summary>
    public int Length => _output.Length;

    /// <param name="points">x, y of the five points in frame pixels.</param>
    /// <returns>The raw embedding, valid until the next call.</returns>
    public ReadOnlySpan<float> Embed(Frame frame, ReadOnlySpan<float> points)
    {
        _session.Run(frame, points);
        return _output;
    }

    public void Dispose() => _session.Dispose();
}
