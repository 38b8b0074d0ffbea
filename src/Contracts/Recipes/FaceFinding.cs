namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>How faces are found with FaceFusion's models: its detectors, then its landmark networks. Names are ids of model cards.</summary>
public sealed record FaceFinding
{
    /// <summary>A detector that is no model but three: retinaface, scrfd and yolo_face over each frame.</summary>
    public const string Many = "many";

    /// <summary><c>retinaface</c>, <c>scrfd</c>, <c>yolo_face</c>, <c>yunet</c>, another card of their families, or <c>many</c>.</summary>
    public string Detector { get; init; } = "yolo_face";

    /// <summary>
    /// Edge in pixels of the square that a frame is made to fit: 160, 320, 480, 512 or 640. Only retinaface and scrfd take less than 640;
    /// smaller is faster and misses small faces.
    /// </summary>
    public int DetectorSize { get; init; } = 640;

    /// <summary>Black room around the frame, for faces that its edge cuts.</summary>
    public FaceMargins Margins { get; init; } = new();

    /// <summary>Degrees by which the frame is turned counter-clockwise and looked at again, any of 0, 90, 180 and 270. Each costs a run.</summary>
    public IReadOnlyList<int> Angles { get; init; } = [0];

    /// <summary>Faces at or below this detector score are ignored, 0.05 to 1.</summary>
    public double MinScore { get; init; } = 0.5;

    /// <summary><c>2dfan4</c>, <c>peppa_wutz</c>, another card of their families, or <c>many</c>: both, and the better one of each face.</summary>
    public string Landmarker { get; init; } = "2dfan4";

    /// <summary>
    /// Landmarks that score more than this place the face, 0 to 1; else the detector's five points do. 0: no landmark network is run.
    /// </summary>
    public double LandmarkerScore { get; init; } = 0.5;
}

/// <summary>Room on each side of a frame, in percent, of which 100 is half of the frame's width or height.</summary>
public sealed record FaceMargins
{
    public int Top { get; init; }

    public int Right { get; init; }

    public int Bottom { get; init; }

    public int Left { get; init; }
}
