using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Expression;

/// <summary>
/// Gives a face an expression that was read elsewhere, by the family <c>live-portrait</c>. The face is cut at 512 pixels; the networks see
/// it at 256, each pixel the mean of four. One per thread; a call allocates nothing.
/// </summary>
public sealed class ExpressionRestorer : IDisposable
{
    /// <summary>Numbers of an expression.</summary>
    public const int Length = HeadMotion.Values;

    private const int CropSize = LivePortrait.OutputSize;

    private readonly ExpressionStep _step;
    private readonly LivePortrait _networks;
    private readonly FaceTemplate _template;
    private readonly FaceCrop _crop;
    private readonly CropPaste _paste;
    private readonly PixelScale _in;
    private readonly float[] _rgb = new float[3 * CropSize * CropSize];
    private readonly float[] _mixed = new float[Length];
    private readonly HeadMotion _motion = new();

    /// <param name="card">Any of the three models; its needs name the others.</param>
    /// <param name="limit">Lowers the mask where the face is covered; null: nothing does.</param>
    /// <exception cref="ModelException">A model is missing, changed, or not of the family.</exception>
    public ExpressionRestorer(ModelSessions sessions, ModelCard card, ExpressionStep step, MaskLimit? limit = null)
    {
        _step = step;
        _networks = new LivePortrait(sessions, card);
        _in = PixelScale.In(_networks.FeatureCard);
        _template = FaceTemplate.Find(_networks.FeatureCard.Template);
        _crop = new FaceCrop(new ModelInput { Width = CropSize, Height = CropSize });
        _paste = new CropPaste(CropSize, PixelScale.Out(_networks.GeneratorCard), step.MaskBlur, 1, limit);
    }

    /// <summary>Reads the expression of a face.</summary>
    /// <param name="expression">Receives <see cref="Length"/> numbers.</param>
    /// <returns>False where the face has no landmarks.</returns>
    public bool TryRead(Frame frame, TrackedFace face, Span<float> expression)
    {
        if (!TryCut(frame, face, out _))
        {
            return false;
        }

        Shrink(_networks.MotionPicture);
        _networks.ReadMotion(_motion);
        _motion.Expression.CopyTo(expression);
        return true;
    }

    /// <summary>Moves a face's own expression towards <paramref name="wanted"/>, in place. A face without landmarks is left as it is.</summary>
    /// <param name="wanted">As <see cref="TryRead"/> gave it.</param>
    public void Restore(Frame frame, TrackedFace face, ReadOnlySpan<float> wanted)
    {
        if (!TryCut(frame, face, out AffineMatrix cropToFrame))
        {
            return;
        }

        Shrink(_networks.MotionPicture);
        _networks.MotionPicture.CopyTo(_networks.FeaturePicture);
        _networks.Look();
        _networks.ReadMotion(_motion);
        KeyPoints.Mix(_motion.Expression, wanted, _step.Factor, _step.Areas, _mixed);
        KeyPoints.Place(_motion, _mixed, _networks.Wanted);
        KeyPoints.Place(_motion, _motion.Expression, _networks.Present);
        _paste.Put(frame, cropToFrame, _networks.Generate());
    }

    public void Dispose() => _networks.Dispose();

    private bool TryCut(Frame frame, TrackedFace face, out AffineMatrix cropToFrame)
    {
        bool found = FacePlace.TryFind(face, _template, CropSize, out cropToFrame);
        if (found)
        {
            _crop.Fill(frame, cropToFrame, _rgb);
        }

        return found;
    }

    private void Shrink(Span<float> into)
    {
        const int Plane = CropSize * CropSize;
        const int Small = LivePortrait.InputSize * LivePortrait.InputSize;
        for (int channel = 0; channel < 3; channel++)
        {
            Span<float> to = into.Slice(channel * Small, Small);
            Downscale.Apply(_rgb.AsSpan(channel * Plane, Plane), CropSize, CropSize, 2, to);
            for (int i = 0; i < Small; i++)
            {
                to[i] = (to[i] * _in.Scale) + _in.Offset;
            }
        }
    }
}
