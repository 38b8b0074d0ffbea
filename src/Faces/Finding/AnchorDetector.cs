using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>
/// RetinaFace and SCRFD (Guo et al. 2021) as InsightFace exports them: nine outputs, scores, boxes and points of three grids each. Two
/// anchors lie on each cell's corner; a box is its distances to the left, top, right and bottom, a point its offset, all in strides.
/// </summary>
internal sealed class AnchorDetector : FamilyDetector
{
    private const int AnchorsPerCell = 2;

    private readonly float[][] _scores = new float[3][];
    private readonly float[][] _boxes = new float[3][];
    private readonly float[][] _points = new float[3][];

    public AnchorDetector(ModelSessions models, ModelCard card, int size)
        : base(models, card, size)
    {
        for (int grid = 0; grid < Strides.Length; grid++)
        {
            int cells = size / Strides[grid];
            int anchors = cells * cells * AnchorsPerCell;
            _scores[grid] = Output(grid, anchors);
            _boxes[grid] = Output(3 + grid, anchors * 4);
            _points[grid] = Output(6 + grid, anchors * 10);
        }
    }

    protected override void Decode(float minScore, List<FaceCandidate> into)
    {
        for (int grid = 0; grid < Strides.Length; grid++)
        {
            int stride = Strides[grid];
            int cells = Size / stride;
            float[] scores = _scores[grid];
            for (int i = 0; i < scores.Length; i++)
            {
                if (scores[i] < minScore)
                {
                    continue;
                }

                int cell = i / AnchorsPerCell;
                float x = cell % cells * stride;
                float y = cell / cells * stride;
                ReadOnlySpan<float> box = _boxes[grid].AsSpan(i * 4, 4);
                ReadOnlySpan<float> offsets = _points[grid].AsSpan(i * 10, 10);
                FaceCandidate candidate = new()
                {
                    Left = x - (box[0] * stride),
                    Top = y - (box[1] * stride),
                    Right = x + (box[2] * stride),
                    Bottom = y + (box[3] * stride),
                    Score = scores[i],
                };
                Span<float> points = candidate.Points;
                for (int p = 0; p < points.Length; p += 2)
                {
                    points[p] = x + (offsets[p] * stride);
                    points[p + 1] = y + (offsets[p + 1] * stride);
                }

                into.Add(candidate);
            }
        }
    }
}
