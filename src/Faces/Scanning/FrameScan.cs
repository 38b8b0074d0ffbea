using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Finds the faces of single frames for the scan, each with all that tells people apart. One per thread.</summary>
public sealed class FrameScan(FrameAnalyser analyser)
{
    private const int MaxFaces = 64;
    private const float MinMeshScore = 0.5f;

    private readonly FaceBox[] _boxes = new FaceBox[MaxFaces];
    private readonly float[] _landmarks = new float[TrackedFace.LandmarkCount * 3];
    private readonly FaceTile _tile = new();

    /// <summary>The frame's faces; its number is that in the target.</summary>
    public IReadOnlyList<ScanSighting> Look(Frame frame)
    {
        int count = analyser.Detect(frame, _boxes, thorough: false);
        List<ScanSighting> sightings = [];
        foreach (FaceBox box in _boxes.AsSpan(0, count))
        {
            if (analyser.FindLandmarks(frame, box, _landmarks) >= MinMeshScore)
            {
                sightings.Add(See(frame, box));
            }
        }

        return sightings;
    }

    private ScanSighting See(Frame frame, in FaceBox box)
    {
        float[] embedding = new float[FrameAnalyser.EmbeddingLength];
        analyser.Embed(frame, _landmarks, embedding);
        (float yaw, float pitch) = HeadPose.Measure(_landmarks, analyser.Models.Mesh);
        _tile.Cut(frame, box);
        float height = analyser.Rotation is 90 or 270 ? frame.Format.Width : frame.Format.Height;
        return new ScanSighting
        {
            Frame = frame.Number,
            Box = box,
            Attributes = analyser.Classify(frame, _landmarks),
            Embedding = embedding,
            Size = MathF.Min(1, box.Size / height),
            Quality = _tile.Quality(box, yaw, pitch),
            Tile = _tile.ToRgb24(),
        };
    }
}
