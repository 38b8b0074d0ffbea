using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>A network that looks at a square crop of one face, aligned by its five points to the card's template.</summary>
internal sealed class AlignedSession : IDisposable
{
    private readonly BoundSession _session;
    private readonly PictureInput _picture;
    private readonly FaceTemplate _template;
    private readonly float[] _input;
    private readonly string _id;
    private readonly int _size;

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
        _size = input.Width;
        _template = card.Template is null ? template : FaceTemplate.Find(card.Template);
        _picture = new PictureInput(input);
        _session = new BoundSession(models.Open(card), card.Id);
        _input = _session.InputOf(input.Name);
        if (_input.Length != 3 * _size * _size)
        {
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} does not take a picture of {_size}x{_size}; the file is not of the family that the catalogue names."
            );
        }
    }

    /// <summary>The output at this place of the model's list, which each run fills anew.</summary>
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
        _picture.Fill(frame, _template.CropToFrame(five, _size), _size, _size, _input);
        _session.Run();
        _session.RequireFinite();
    }

    public void Dispose() => _session.Dispose();
}
