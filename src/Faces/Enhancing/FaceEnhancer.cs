using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Enhancing;

/// <summary>
/// Face restoration of the families <c>codeformer</c>, <c>gfpgan</c>, <c>gpen</c> and <c>restoreformer</c>, which differ in the numbers of
/// their cards alone: the aligned face goes in, the restored face comes out at the same size. codeformer has an input <c>weight</c> of
/// double precision besides, which is set where a model declares it. The session is shared, the buffers are this object's.
/// </summary>
public sealed class FaceEnhancer : IFaceEditor, IDisposable
{
    private const string Weight = "weight";

    private readonly FaceTemplate _template;
    private readonly FaceCrop _crop;
    private readonly CropPaste _paste;
    private readonly BoundSession _session;
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly int _size;
    private readonly int _values;

    /// <param name="limit">Lowers the mask where the face is covered; null: nothing does.</param>
    /// <exception cref="ModelException">The model is missing, changed, or not of the family.</exception>
    public FaceEnhancer(ModelSessions sessions, ModelCard card, EnhanceStep step, MaskLimit? limit = null)
    {
        ModelInput input =
            card.Input
            ?? throw new ModelException(
                "model-catalog",
                $"The catalogue row of the model {card.Id} gives no input; restore the catalogue from the release."
            );
        int size = input.Width;
        _size = size;
        _template = FaceTemplate.Find(card.Template);
        _crop = new FaceCrop(input);
        _paste = new CropPaste(size, PixelScale.Out(card), step.MaskBlur, step.Blend / 100f, limit);
        InferenceSession session = sessions.Open(card);
        long[] shape = InputShape.Close(session, card, input.Name, 1, 3, size, size);
        _session = new BoundSession(session, card.Id, 1, new Dictionary<string, long[]> { [input.Name] = shape });
        _input = _session.InputOf(input.Name);
        _output = _session.OutputAt(0);
        _values = _crop.Length;
        if (_output.Length < _values)
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} makes [{string.Join(", ", _session.OutputShape(0))}] and no face of {size}x{size} pixels."
            );
        }

        if (_session.HasInput(Weight))
        {
            Array.Fill(_session.DoublesOf(Weight), step.Weight);
        }
    }

    /// <inheritdoc/>
    public void Edit(Frame frame, TrackedFace face)
    {
        if (FacePlace.TryFind(face, _template, _size, out AffineMatrix cropToFrame))
        {
            _crop.Fill(frame, cropToFrame, _input.AsSpan(0, _values));
            _session.Run();
            _session.RequireFinite();
            _paste.Put(frame, cropToFrame, _output.AsSpan(0, _values));
        }
    }

    public void Dispose() => _session.Dispose();
}
