using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>
/// YuNet (Wu et al. 2023): twelve outputs, class, object, box and points of three grids each. One anchor lies on each cell's corner; the
/// score is class times object, the box's centre and the points are offsets in strides, its width and height powers of e in strides.
/// </summary>
internal sealed class YunetDetector : FamilyDetector
{
    private readonly float[][] _classes = new float[3][];
    private readonly float[][] _objects = new float[3][];
    private readonly float[][] _boxes = new float[3][];
    private readonly float[][] _points = new float[3][];

    public YunetDetector(ModelSessions models, ModelCard card, int size)
        : base(models, card, size)
    {
        for (int grid = 0; grid < Strides.Length; grid++)
        {
            int cells = size / Strides[grid] * (size / Strides[grid]);
            _classes[grid] = Output(grid, cells);
            _objects[grid] = Output(3 + grid, cells);
            _boxes[grid] = Output(6 + grid, cells * 4);
            _points[grid] = Output(9 + grid, cells * 10);
        }
    }

    protected override void Decode(float minScore, List<FaceCandidate> into)
    {
        for (int grid = 0; grid < Strides.Length; grid++)
        {
            int stride = Strides[grid];
            int columns = Size / stride;
            for (int i = 0; i < _classes[grid].Length; i++)
            {
                float score = _classes[grid][i] * _objects[grid][i];
                if (score < minScore)
                {
                    continue;
                }

                float anchorX = i % columns * stride;
                float anchorY = i / columns * stride;
                ReadOnlySpan<float> box = _boxes[grid].AsSpan(i * 4, 4);
                ReadOnlySpan<float> offsets = _points[grid].AsSpan(i * 10, 10);
                float x = (box[0] * stride) + anchorX;
                float y = (box[1] * stride) + anchorY;
                float halfWidth = MathF.Exp(box[2]) * stride / 2;
                float halfHeight = MathF.Exp(box[3]) * stride / 2;
                FaceCandidate candidate = new()
                {
                    Left = x - halfWidth,
                    Top = y - halfHeight,
                    Right = x + halfWidth,
                    Bottom = y + halfHeight,
                    Score = score,
                };
                Span<float> points = candidate.Points;
                for (int p = 0; p < points.Length; p += 2)
                {
                    points[p] = (offsets[p] * stride) + anchorX;
                    points[p + 1] = (offsets[p + 1] * stride) + anchorY;
                }

                into.Add(candidate);
            }
        }
    }
}
