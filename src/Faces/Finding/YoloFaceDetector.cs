using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>
/// YOLOv8 for faces: one output of 20 rows over all cells of three grids: the box's centre x, y, width and height, its score, and x, y and
/// confidence of five points, all in pixels of the canvas.
/// </summary>
internal sealed class YoloFaceDetector : FamilyDetector
{
    private const int Rows = 20;

    private readonly float[] _output;
    private readonly int _cells;

    public YoloFaceDetector(ModelSessions models, ModelCard card, int size)
        : base(models, card, size)
    {
        foreach (int stride in Strides)
        {
            _cells += size / stride * (size / stride);
        }

        _output = Output(0, Rows * _cells);
    }

    protected override void Decode(float minScore, List<FaceCandidate> into)
    {
        ReadOnlySpan<float> scores = Row(4);
        for (int i = 0; i < scores.Length; i++)
        {
            // More than, where the other families have at least.
            if (scores[i] <= minScore)
            {
                continue;
            }

            float x = Row(0)[i];
            float y = Row(1)[i];
            float halfWidth = Row(2)[i] / 2;
            float halfHeight = Row(3)[i] / 2;
            FaceCandidate candidate = new()
            {
                Left = x - halfWidth,
                Top = y - halfHeight,
                Right = x + halfWidth,
                Bottom = y + halfHeight,
                Score = scores[i],
            };
            Span<float> points = candidate.Points;
            for (int p = 0; p < FivePoints.Count; p++)
            {
                points[2 * p] = Row(5 + (3 * p))[i];
                points[(2 * p) + 1] = Row(6 + (3 * p))[i];
            }

            into.Add(candidate);
        }
    }

    private ReadOnlySpan<float> Row(int row) => _output.AsSpan(row * _cells, _cells);
}
