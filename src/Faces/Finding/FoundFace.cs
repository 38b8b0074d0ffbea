using System.Numerics;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>
/// One face of one frame as FaceFusion's chain found it. Pooled: valid until its <see cref="FaceFinder"/> looks at the next frame; who
/// keeps it copies it. All places are pixels of the unrotated frame; "left" and "right" are those of the upright face's picture.
/// </summary>
public sealed class FoundFace
{
    private readonly float[] _detectedPoints = new float[2 * FaceTemplate.Points];
    private readonly float[] _points = new float[2 * FaceTemplate.Points];
    private readonly float[] _points68 = new float[2 * SixtyEightPoints.Count];

    /// <summary>Values of an embedding of the family <c>arcface</c>.</summary>
    internal const int EmbeddingLength = 512;

    private readonly float[] _embedding = new float[EmbeddingLength];
    private readonly float[] _unitEmbedding = new float[EmbeddingLength];

    /// <summary>The detector's box and score. Its points are the detector's, the mouth's middle among them; there are no ears.</summary>
    public FaceBox Box { get; internal set; }

    /// <summary>x, y of left eye, right eye, nose tip, left and right mouth corner: those that crops are aligned by ("5/68" there).</summary>
    public ReadOnlySpan<float> Points => _points;

    /// <summary>The detector's five points.</summary>
    public ReadOnlySpan<float> DetectedPoints => _detectedPoints;

    /// <summary>x, y of 68 points: the landmark network's where one ran, whatever it scored, else guessed from the detector's five.</summary>
    public ReadOnlySpan<float> Points68 => _points68;

    /// <summary>The landmark network's score, 0 to 1; null: none ran.</summary>
    public float? LandmarkScore { get; internal set; }

    /// <summary>Degrees by which the face is turned clockwise in the frame: 0, 90, 180 or 270.</summary>
    public int Angle { get; internal set; }

    /// <summary>512 values as the network gives them; null where none were asked for.</summary>
    public float[]? Embedding { get; private set; }

    /// <summary>The same at length 1.</summary>
    public float[]? UnitEmbedding { get; private set; }

    /// <summary>Null where none were asked for.</summary>
    public FaceAttributes? Attributes { get; internal set; }

    internal Span<float> PointsBuffer => _points;

    internal Span<float> Points68Buffer => _points68;

    /// <summary>Begins a new face: what the detector knows of it.</summary>
    internal void Begin(in FaceCandidate candidate)
    {
        ReadOnlySpan<float> points = candidate.Points;
        points.CopyTo(_detectedPoints);
        points.CopyTo(_points);
        Vector2 leftEye = new(points[0], points[1]);
        Vector2 rightEye = new(points[2], points[3]);
        Vector2 line = rightEye - leftEye;
        Box = new FaceBox(
            candidate.Left,
            candidate.Top,
            candidate.Right - candidate.Left,
            candidate.Bottom - candidate.Top,
            candidate.Score,
            MathF.Atan2(line.Y, line.X)
        )
        {
            // A box names the eyes by the person, whose right one lies on the picture's left.
            RightEye = leftEye,
            LeftEye = rightEye,
            Nose = new Vector2(points[4], points[5]),
            Mouth = new Vector2(points[6] + points[8], points[7] + points[9]) / 2,
        };
        LandmarkScore = null;
        Angle = 0;
        Embedding = null;
        UnitEmbedding = null;
        Attributes = null;
    }

    /// <summary>The face's own storage for its embedding, which from now on it has.</summary>
    internal (float[] Raw, float[] Unit) KeepEmbedding()
    {
        Embedding = _embedding;
        UnitEmbedding = _unitEmbedding;
        return (_embedding, _unitEmbedding);
    }
}
