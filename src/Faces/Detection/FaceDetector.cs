using System.Numerics;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Detection;

/// <summary>
/// The full-range detector: one anchor for each cell of a 48x48 grid over a 192x192 crop, whose raw output is an offset from that anchor
/// in crop pixels: box centre and size, then six points. Decoding as in the model's published description (MediaPipe, SSD anchors of
/// fixed size 1).
/// </summary>
internal sealed class FaceDetector : IDisposable
{
    private const int InputSize = 192;
    private const int Grid = 48;
    private const int Anchors = Grid * Grid;
    private const int Values = 16;
    private const int Capacity = 1024;

    private readonly BoundSession _session;
    private readonly float[] _regressors;
    private readonly float[] _scores;
    private readonly FaceBox[] _candidates = new FaceBox[Capacity];
    private readonly SightedBox[] _sighted = new SightedBox[Capacity];
    private readonly float _minLogit;

    /// <param name="minScore">Faces below this score are not reported, 0 to 1.</param>
    public FaceDetector(FaceModels models, float minScore)
    {
        _session = new BoundSession(models.DetectorSession, "detector");
        _regressors = _session.Output("boxes", Anchors * Values);
        _scores = _session.Output("logits", Anchors);
        _minLogit = MathF.Log(minScore / (1 - minScore));
    }

    /// <summary>Writes the faces from left to right; returns how many. More than fit are dropped, the weakest first.</summary>
    public int Detect(Frame frame, DetectionViews views, Span<FaceBox> into)
    {
        int count = 0;
        foreach (DetectionView view in views)
        {
            int found = Look(frame, view);
            found = BoxMerging.Weighted(_candidates.AsSpan(0, found));
            for (int i = 0; i < found && count < Capacity; i++)
            {
                _sighted[count++] = new SightedBox(_candidates[i], view.Cuts(_candidates[i]));
            }
        }

        return BoxMerging.Distinct(_sighted.AsSpan(0, count), into);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>One run over one view; raw boxes in frame pixels into the candidates.</summary>
    private int Look(Frame frame, DetectionView view)
    {
        AffineMatrix toFrame = view.CropToFrame;
        CropSampler.ToRgb(frame, toFrame, InputSize, InputSize, 2f / 255, -1, _session.Input);
        _session.Run();
        _session.RequireFinite();
        int count = 0;
        for (int anchor = 0; anchor < Anchors && count < Capacity; anchor++)
        {
            if (_scores[anchor] >= _minLogit)
            {
                _candidates[count++] = Decode(anchor, toFrame);
            }
        }

        return count;
    }

    private FaceBox Decode(int anchor, in AffineMatrix toFrame)
    {
        const float Cell = (float)InputSize / Grid;
        ReadOnlySpan<float> raw = _regressors.AsSpan(anchor * Values, Values);
        var origin = new Vector2(((anchor % Grid) + 0.5f) * Cell, ((anchor / Grid) + 0.5f) * Cell);
        Vector2 center = ToFrame(toFrame, origin, raw);
        float scale = toFrame.Scale;
        float width = raw[2] * scale;
        float height = raw[3] * scale;
        if (MathF.Abs(toFrame.A) < MathF.Abs(toFrame.B))
        {
            // The view is turned by a quarter: its width is the frame's height.
            (width, height) = (height, width);
        }

        Vector2 rightEye = ToFrame(toFrame, origin, raw[4..]);
        Vector2 leftEye = ToFrame(toFrame, origin, raw[6..]);
        Vector2 line = leftEye - rightEye;
        return new FaceBox(
            center.X - (width * 0.5f),
            center.Y - (height * 0.5f),
            width,
            height,
            1 / (1 + MathF.Exp(-_scores[anchor])),
            MathF.Atan2(line.Y, line.X)
        )
        {
            RightEye = rightEye,
            LeftEye = leftEye,
            Nose = ToFrame(toFrame, origin, raw[8..]),
            Mouth = ToFrame(toFrame, origin, raw[10..]),
            RightEar = ToFrame(toFrame, origin, raw[12..]),
            LeftEar = ToFrame(toFrame, origin, raw[14..]),
        };
    }

    /// <summary>The model counts from the crop's corner; frame coordinates have pixel centres at whole numbers.</summary>
    private static Vector2 ToFrame(in AffineMatrix toFrame, Vector2 origin, ReadOnlySpan<float> raw)
    {
        (float x, float y) = toFrame.Apply(origin.X + raw[0] - 0.5f, origin.Y + raw[1] - 0.5f);
        return new Vector2(x, y);
    }
}
