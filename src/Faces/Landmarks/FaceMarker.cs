using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// Gives tracked faces the points of a landmark network, by which crops are aligned then. A face whose points score too low keeps those of
/// its mesh, which are steadier than a detector's. One per thread.
/// </summary>
public sealed class FaceMarker : IDisposable
{
    private readonly FaceLandmarker _landmarker;
    private readonly float _minScore;
    private readonly List<(float[] Points, float[] Outline)> _buffers = [];

    private FaceMarker(FaceLandmarker landmarker, float minScore)
    {
        _landmarker = landmarker;
        _minScore = minScore;
    }

    /// <summary>Null: no landmark network is wanted.</summary>
    /// <exception cref="ModelException">A model is missing, changed, or not of its family.</exception>
    public static FaceMarker? Open(ModelSessions sessions, FaceFinding? finding) =>
        finding is null || finding.LandmarkerScore == 0
            ? null
            : new FaceMarker(new FaceLandmarker(sessions, finding.Landmarker), (float)finding.LandmarkerScore);

    /// <summary>Marks the faces of a frame as it was decoded. What they hold is valid until the next call.</summary>
    public void Mark(Frame frame, FrameFaces faces)
    {
        for (int i = 0; i < faces.Faces.Count; i++)
        {
            TrackedFace face = faces.Faces[i];
            face.Points = null;
            face.Outline = null;
            if (face.Interpolated)
            {
                continue;
            }

            if (i == _buffers.Count)
            {
                _buffers.Add((new float[2 * FivePoints.Count], new float[2 * SixtyEightPoints.Count]));
            }

            (float[] points, float[] outline) = _buffers[i];
            int angle = RightAngle.Nearest(face.Box.Angle * 180 / MathF.PI);
            if (_landmarker.Find(frame, face.Box, angle, outline) > _minScore)
            {
                SixtyEightPoints.ToFive(outline, points);
                face.Points = points;
                face.Outline = outline;
            }
        }
    }

    public void Dispose() => _landmarker.Dispose();
}
