using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The landmark network that a recipe names, or both and the better of the two: <c>2dfan4</c> unless <c>peppa_wutz</c> scores at least 0.2
/// more. One per thread.
/// </summary>
internal sealed class FaceLandmarker : IDisposable
{
    private const float Lead = 0.2f;

    private readonly LandmarkCrop _crop = new();
    private readonly float[] _others = new float[2 * SixtyEightPoints.Count];
    private readonly LandmarkNetwork _first;
    private readonly LandmarkNetwork? _second;

    /// <param name="model">Id of a card, or <see cref="FaceFinding.Many"/>.</param>
    /// <exception cref="ModelException">A model is not in the catalogue, cannot be loaded, or is not of its family.</exception>
    public FaceLandmarker(ModelSessions models, string model)
    {
        bool isMany = model == FaceFinding.Many;
        _first = LandmarkNetwork.Open(models, models.Catalog.Card(isMany ? "2dfan4" : model));
        _second = isMany ? LandmarkNetwork.Open(models, models.Catalog.Card("peppa_wutz")) : null;
    }

    /// <summary>Writes the 68 points in frame pixels and returns their score, 0 to 1.</summary>
    /// <param name="angle">Degrees by which the face is turned clockwise: 0, 90, 180 or 270.</param>
    /// <param name="xy">Receives x, y of the 68 points.</param>
    public float Find(Frame frame, in FaceBox box, int angle, Span<float> xy)
    {
        _crop.Fill(frame, box, angle);
        float score = _first.Find(_crop, xy);
        if (_second is not null)
        {
            float other = _second.Find(_crop, _others);
            if (!(score > other - Lead))
            {
                _others.CopyTo(xy);
                score = other;
            }
        }

        _crop.ToFrame(xy);
        return score;
    }

    public void Dispose()
    {
        _first.Dispose();
        _second?.Dispose();
    }
}
