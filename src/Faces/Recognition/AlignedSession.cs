using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>
/// A network that looks at a square crop of one face, aligned by its five points to the card's template; the frame's edge is repeated
/// beyond it.
/// </summary>
internal sealed class AlignedSession : IDisposable
{
    private readonly BoundSession _session;
    private readonly FaceCrop _crop;
    private readonly float[] _input;
    private readonly string _id;

    /// <param name="template">Where the card names none.</param>
    /// <exception cref="ModelException">The model cannot be loaded, or has no input of the card's size.</exception>
    public AlignedSession(ModelSessions models, ModelCard card, FaceTemplate template)
    {
        ModelInput input =
            card.Input
            ?? throw new ModelException(
                "model-catalog",
                $"The model card {card.Id} does not tell the network's input."
            );
        _id = card.Id;
        _crop = new FaceCrop(input, card.Template is null ? template : FaceTemplate.Find(card.Template));
        _session = new BoundSession(models.Open(card), card.Id);
        _input = _session.InputOf(input.Name);
        if (_input.Length != _crop.Length)
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} does not take a picture of {input.Width}x{input.Height}; the file is not of the family that the catalogue names."
            );
        }
    }

    /// <summary>The output at this place of the model's list, which each run fills anew.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the model has fewer.</exception>
    public float[] Output(int index) => _session.OutputAt(index);

    /// <summary>The same, of this length.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: it has another length.</exception>
    public float[] Output(int index, int length)
    {
        float[] output = _session.OutputAt(index);
        return output.Length == length
            ? output
            : throw new ModelException(
                "model-shape",
                $"Output number {index + 1} of {_id} has {output.Length} values where its family has {length}; the file is not of the family that the catalogue names."
            );
    }

    /// <param name="five">x, y of the face's five points in frame pixels.</param>
    public void Run(Frame frame, ReadOnlySpan<float> five)
    {
        _ = _crop.Fill(frame, five, _input);
        _session.Run();
        _session.RequireFinite();
    }

    public void Dispose() => _session.Dispose();
}
