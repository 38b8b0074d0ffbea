using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Ageing;

/// <summary>
/// Age changed by the family <c>fran</c> (Zoss et al. 2022): the aligned face and <c>direction</c>, the age it has and the age it shall
/// have in hundreds of years, go in; the changed face comes out at the same size.
/// </summary>
public sealed class FranModifier : IFaceEditor, IDisposable
{
    private const string Direction = "direction";

    private readonly AgeStep _step;
    private readonly Func<TrackedFace, float?> _ageOf;
    private readonly FaceTemplate _template;
    private readonly int _size;
    private readonly FaceCrop _crop;
    private readonly CropPaste _paste;
    private readonly BoundSession _session;
    private readonly float[] _input;
    private readonly float[] _direction;

    /// <param name="ageOf">Age of a face in years, such as the middle of its FairFace range; null: not known, the face is left as it is.</param>
    /// <param name="limit">Lowers the mask where the face is covered; null: nothing does.</param>
    /// <exception cref="ModelException">The model is missing, changed, or not of the family.</exception>
    public FranModifier(
        ModelSessions sessions,
        ModelCard card,
        AgeStep step,
        Func<TrackedFace, float?> ageOf,
        MaskLimit? limit = null
    )
    {
        _step = step;
        _ageOf = ageOf;
        ModelInput input = card.Input ?? throw NoInput(card);
        int size = input.Width;
        _size = size;
        _template = FaceTemplate.Find(card.Template);
        _crop = new FaceCrop(input);
        _paste = new CropPaste(size, PixelScale.Out(card), step.MaskBlur, 1, limit);
        InferenceSession session = sessions.Open(card);
        _session = new BoundSession(
            session,
            card.Id,
            1,
            new Dictionary<string, long[]>
            {
                [input.Name] = InputShape.Close(session, card, input.Name, 1, 3, size, size),
            }
        );
        _input = _session.InputOf(input.Name);
        _direction = _session.InputOf(Direction);
        if (_direction.Length != 2 || _session.OutputAt(0).Length != _crop.Length)
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} should take two numbers as {Direction} and make a face of {size}x{size} pixels, "
                    + "and does not; it is not the release's file."
            );
        }
    }

    /// <inheritdoc/>
    public void Edit(Frame frame, TrackedFace face)
    {
        if (_ageOf(face) is not { } age || !FacePlace.TryFind(face, _template, _size, out AffineMatrix cropToFrame))
        {
            return;
        }

        _direction[0] = Math.Clamp(age / 100, 0, 1);
        _direction[1] = Math.Clamp((age + _step.Direction) / 100, 0, 1);
        _crop.Fill(frame, cropToFrame, _input);
        _session.Run();
        _session.RequireFinite();
        _paste.Put(frame, cropToFrame, _session.OutputAt(0));
    }

    public void Dispose() => _session.Dispose();

    internal static ModelException NoInput(ModelCard card) =>
        new(
            "model-catalog",
            $"The catalogue row of the model {card.Id} gives no input; restore the catalogue from the release."
        );
}
