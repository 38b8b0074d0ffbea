using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>The family <c>peppa-wutz</c>: x, y and confidence of each point.</summary>
internal sealed class PeppaLandmarks : LandmarkNetwork
{
    private const float BestScore = 0.95f;

    private readonly float[] _points;

    public PeppaLandmarks(ModelSessions models, ModelCard card)
        : base(models, card)
    {
        _points = Session.OutputAt(0);
        ThrowIfNot(_points.Length == 3 * SixtyEightPoints.Count, "68 points of three values");
    }

    /// <summary>The score is the mean of the confidences.</summary>
    protected override float Decode(Span<float> xy)
    {
        float sum = 0;
        for (int i = 0; i < SixtyEightPoints.Count; i++)
        {
            xy[2 * i] = _points[3 * i] * CellSize;
            xy[(2 * i) + 1] = _points[(3 * i) + 1] * CellSize;
            sum += _points[(3 * i) + 2];
        }

        return Scale(sum / SixtyEightPoints.Count, BestScore);
    }
}
