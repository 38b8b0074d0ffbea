using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>
/// One thread's recogniser for swap networks: an embedding as the model gives it, of whatever length. (What the tracking compares comes
/// from the built-in recogniser and is of unit length.)
/// </summary>
public sealed class IdentityEmbedder : IDisposable
{
    private readonly BoundSession _session;
    private readonly FaceCrop _crop;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <param name="card">A recogniser with input and template, such as <c>arcface_w600k_r50</c>.</param>
    /// <exception cref="ModelException">The model cannot be loaded, or is not as its card says.</exception>
    public IdentityEmbedder(ModelSessions sessions, ModelCard card)
    {
        ModelInput input =
            card.Input ?? throw new ModelException("model-catalog", $"The model {card.Id} has no input.");
        _crop = new FaceCrop(input, FaceTemplate.Find(card.Template));
        _session = new BoundSession(sessions.Open(card), card.Id);
        _input = _session.InputOf(input.Name);
        _output = _session.OutputAt(0);
        if (_input.Length != _crop.Length)
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The {card.Id} model takes {_input.Length} values and not {_crop.Length} as its catalogue card says; it is not the release's file."
            );
        }
    }

    /// <summary>Values of one embedding.</summary>
    public int Length => _output.Length;

    /// <param name="points">x, y of the five points in frame pixels.</param>
    /// <returns>The raw embedding, valid until the next call.</returns>
    public ReadOnlySpan<float> Embed(Frame frame, ReadOnlySpan<float> points)
    {
        _crop.Fill(frame, points, _input);
        _session.Run();
        _session.RequireFinite();
        return _output;
    }

    public void Dispose() => _session.Dispose();
}
