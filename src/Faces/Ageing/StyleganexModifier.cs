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
/// Age changed by the family <c>styleganex</c> (Yang et al. 2023): the aligned face (<c>target</c>), a wider cut of 384 pixels around it
/// (<c>target_with_background</c>) and <c>direction</c>, −2.5 to 2.5, go in; the wider cut comes out changed, at a size of the model's own.
/// </summary>
public sealed class StyleganexModifier : IFaceEditor, IDisposable
{
    private const string Wide = "target_with_background";
    private const string Direction = "direction";
    private const int WideSize = 384;

    private static FaceTemplate WideTemplate => FaceTemplate.Styleganex384;

    /// <summary>How far the points of the wider cut are from the nose, against those of the face.</summary>
    private const float Narrowing = 0.875f;

    private readonly FaceTemplate _template;
    private readonly int _size;
    private readonly FaceCrop _crop;
    private readonly FaceCrop _wideCrop;
    private readonly CropPaste _paste;
    private readonly BoundSession _session;
    private readonly float[] _input;
    private readonly float[] _wideInput;
    private readonly int _outputSize;

    /// <param name="limit">Lowers the mask where the face is covered; null: nothing does.</param>
    /// <exception cref="ModelException">The model is missing, changed, or not of the family.</exception>
    public StyleganexModifier(ModelSessions sessions, ModelCard card, AgeStep step, MaskLimit? limit = null)
    {
        ModelInput input = card.Input ?? throw FranModifier.NoInput(card);
        _template = FaceTemplate.Find(card.Template);
        _size = input.Width;
        _crop = new FaceCrop(input);
        _wideCrop = new FaceCrop(input with { Width = WideSize, Height = WideSize });
        InferenceSession session = sessions.Open(card);
        _session = new BoundSession(
            session,
            card.Id,
            1,
            new Dictionary<string, long[]>
            {
                [input.Name] = InputShape.Close(session, card, input.Name, 1, 3, input.Width, input.Height),
                [Wide] = InputShape.Close(session, card, Wide, 1, 3, WideSize, WideSize),
            }
        );
        _input = _session.InputOf(input.Name);
        _wideInput = _session.InputOf(Wide);
        Array.Fill(_session.InputOf(Direction), step.Direction / 100f * 2.5f);
        IReadOnlyList<long> made = _session.OutputShape(0);
        if (made is not [_, 3, var height, var width] || height != width)
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} makes [{string.Join(", ", made)}] and no square picture; it is not the release's file."
            );
        }

        _outputSize = (int)width;
        _paste = new CropPaste(_outputSize, PixelScale.Out(card), step.MaskBlur, 1, limit);
    }

    /// <inheritdoc/>
    public void Edit(Frame frame, TrackedFace face)
    {
        Span<float> points = stackalloc float[FacePoints.Length];
        if (
            !FacePlace.TryFind(face, _template, _size, out AffineMatrix cropToFrame)
            || !FacePoints.TryRead(face, points)
        )
        {
            return;
        }

        _crop.Fill(frame, cropToFrame, _input);
        (float noseX, float noseY) = (points[4], points[5]);
        for (int i = 0; i < points.Length; i += 2)
        {
            points[i] = noseX + (Narrowing * (points[i] - noseX));
            points[i + 1] = noseY + (Narrowing * (points[i + 1] - noseY));
        }

        _wideCrop.Fill(frame, WideTemplate.CropToFrame(points, WideSize), _wideInput);
        _session.Run();
        _session.RequireFinite();
        _paste.Put(frame, WideTemplate.CropToFrame(points, _outputSize), _session.OutputAt(0));
    }

    public void Dispose() => _session.Dispose();
}
