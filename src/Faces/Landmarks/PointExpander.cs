using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The family <c>fan-68-5</c>: guesses 68 points from five. It works on places and not on pixels: the five are laid on the template, whose
/// crop has the edge 1, and what comes out is laid back.
/// </summary>
internal sealed class PointExpander : IDisposable
{
    private readonly BoundSession _session;
    private readonly FaceTemplate _template;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <exception cref="ModelException">The model cannot be loaded, or is not of the family (<c>model-shape</c>).</exception>
    public PointExpander(ModelSessions models, ModelCard card)
    {
        _template = FaceTemplate.Find(card.Template ?? FaceTemplate.Ffhq512.Name);
        _session = new BoundSession(models.Open(card), card.Id);
        _input = _session.InputOf(card.Input?.Name ?? "input");
        _output = _session.OutputAt(0);
        if (_input.Length != 2 * FaceTemplate.Points || _output.Length != 2 * SixtyEightPoints.Count)
        {
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} does not make 68 points of five; restore the file that the catalogue names."
            );
        }
    }

    /// <param name="five">x, y of the five points in frame pixels.</param>
    /// <param name="xy">Receives x, y of the 68 points in frame pixels.</param>
    public void Expand(ReadOnlySpan<float> five, Span<float> xy)
    {
        AffineMatrix toUnit = AffineMatrix.EstimateSimilarity(five, _template.Fractions);
        for (int i = 0; i < _input.Length; i += 2)
        {
            (_input[i], _input[i + 1]) = toUnit.Apply(five[i], five[i + 1]);
        }

        _session.Run();
        _session.RequireFinite();
        AffineMatrix toFrame = toUnit.Invert();
        for (int i = 0; i < _output.Length; i += 2)
        {
            (xy[i], xy[i + 1]) = toFrame.Apply(_output[i], _output[i + 1]);
        }
    }

    public void Dispose() => _session.Dispose();
}
