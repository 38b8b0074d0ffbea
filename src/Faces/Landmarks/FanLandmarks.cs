using System.Numerics.Tensors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>The family <c>fan</c> (2DFAN-4, Bulat and Tzimiropoulos 2017): points, and a heat map of each.</summary>
internal sealed class FanLandmarks : LandmarkNetwork
{
    private const float BestScore = 0.9f;
    private const int Map = Cells * Cells;

    private readonly float[] _points;
    private readonly float[] _maps;

    public FanLandmarks(ModelSessions models, ModelCard card)
        : base(models, card)
    {
        _points = Session.OutputAt(0);
        _maps = Session.OutputAt(1);
        ThrowIfNot(
            _points.Length == 3 * SixtyEightPoints.Count && _maps.Length == SixtyEightPoints.Count * Map,
            "68 points of three values and their heat maps of 64x64"
        );
    }

    /// <summary>The score is the mean of the maps' highest values.</summary>
    protected override float Decode(Span<float> xy)
    {
        float sum = 0;
        for (int i = 0; i < SixtyEightPoints.Count; i++)
        {
            xy[2 * i] = _points[3 * i] * CellSize;
            xy[(2 * i) + 1] = _points[(3 * i) + 1] * CellSize;
            sum += TensorPrimitives.Max(_maps.AsSpan(i * Map, Map));
        }

        return Scale(sum / SixtyEightPoints.Count, BestScore);
    }
}
