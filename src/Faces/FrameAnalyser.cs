using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Detection;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces;

/// <summary>
/// Finds faces, meshes and identities in single frames. One per thread: it owns the buffers that the shared models run on, and a call
/// allocates nothing. All coordinates are pixels of the unrotated frame.
/// </summary>
public sealed class FrameAnalyser : IDisposable
{
    /// <summary>Values of one embedding.</summary>
    public const int EmbeddingLength = FaceEmbedder.Length;

    private readonly Func<double> _clock;
    private FaceDetector? _detector;
    private MeshFinder? _mesh;
    private FaceEmbedder? _embedder;
    private readonly FaceFinder? _finder;
    private readonly FairfaceClassifier? _classifier;
    private FrameFormat? _format;
    private DetectionViews? _whole;
    private DetectionViews? _tiled;

    /// <param name="rotation">Degrees that a player turns the frames clockwise: 0, 90, 180 or 270.</param>
    /// <param name="minScore">Faces below this detector score are not reported, 0 to 1.</param>
    /// <param name="clock">Milliseconds for <see cref="Times"/>, best of the calling thread's CPU time; null: none are kept.</param>
    /// <param name="finding">Detectors of the catalogue that find the faces instead of the built-in one; null: it does.</param>
    /// <param name="classifier">Id of the card by which <see cref="Classify"/> tells what faces look like; null: it tells nothing.</param>
    /// <exception cref="ModelException">A detector is missing, changed, or not of its family.</exception>
    public FrameAnalyser(
        FaceModels models,
        int rotation = 0,
        double minScore = 0.5,
        Func<double>? clock = null,
        FaceFinding? finding = null,
        string? classifier = null
    )
    {
        if (rotation is not (0 or 90 or 180 or 270))
        {
            throw new ArgumentOutOfRangeException(nameof(rotation), rotation, "Must be 0, 90, 180 or 270.");
        }

        Models = models;
        Rotation = rotation;
        MinScore = (float)minScore;
        _clock = clock ?? (static () => 0);
        // Landmarks come later, from the tracked faces.
        _finder = finding is null
            ? null
            : new FaceFinder(models.Sessions, finding with { LandmarkerScore = 0 }, rotation: rotation);
        _classifier = classifier is null
            ? null
            : new FairfaceClassifier(models.Sessions, models.Sessions.Catalog.Card(classifier));
    }

    public FaceModels Models { get; }

    public int Rotation { get; }

    public float MinScore { get; }

    // Made when they are first asked for: a thread that only measures has no detector, and a batch of it waits for no other thread.
    private FaceDetector Detector => _detector ??= new FaceDetector(Models, MinScore);

    private MeshFinder Mesh => _mesh ??= new MeshFinder(Models);

    private FaceEmbedder Embedder => _embedder ??= new FaceEmbedder(Models);

    /// <summary>Where this analyser's time went.</summary>
    public AnalysisTimes Times { get; } = new();

    /// <summary>Writes the frame's faces from left to right and returns how many there are.</summary>
    /// <param name="thorough">Also look at tiles at several scales, for small faces: costs as many runs as there are tiles. Detectors of the catalogue look once.</param>
    public int Detect(Frame frame, Span<FaceBox> into, bool thorough)
    {
        double start = _clock();
        int count = _finder is null ? Detector.Detect(frame, Views(frame.Format, thorough), into) : Find(frame, into);
        Times.Detect += _clock() - start;
        return count;
    }

    /// <summary>
    /// Fits the dense mesh to the face in <paramref name="place"/>; returns the mesh score, 0 to 1: below about 0.5 there is no face that
    /// the mesh could follow.
    /// </summary>
    /// <param name="xyz">Receives <see cref="TrackedFace.LandmarkCount"/> points, as in <see cref="TrackedFace.Landmarks"/>.</param>
    public float FindLandmarks(Frame frame, in FaceBox place, Span<float> xyz)
    {
        double start = _clock();
        float score = Mesh.Find(frame, place, xyz);
        Times.Mesh += _clock() - start;
        return score;
    }

    /// <summary>Writes the unit-length embedding (192 values) of the face with these landmarks.</summary>
    public void Embed(Frame frame, ReadOnlySpan<float> landmarks, Span<float> unit192)
    {
        double start = _clock();
        Embedder.Embed(frame, landmarks, unit192);
        Times.Embed += _clock() - start;
    }

    /// <summary>What the classifier takes the face with these landmarks for; null: there is none.</summary>
    public FaceAttributes? Classify(Frame frame, ReadOnlySpan<float> landmarks)
    {
        if (_classifier is null)
        {
            return null;
        }

        Span<float> points = stackalloc float[FacePoints.Length];
        FacePoints.FromMesh(landmarks, points);
        return _classifier.Classify(frame, points);
    }

    public void Dispose()
    {
        _detector?.Dispose();
        _mesh?.Dispose();
        _embedder?.Dispose();
        _finder?.Dispose();
        _classifier?.Dispose();
    }

    /// <summary>Its faces come in order of their scores; whoever tracks them counts from the left.</summary>
    private int Find(Frame frame, Span<FaceBox> into)
    {
        IReadOnlyList<FoundFace> found = _finder!.Find(frame);
        int count = Math.Min(found.Count, into.Length);
        for (int i = 0; i < count; i++)
        {
            into[i] = found[i].Box;
        }

        into[..count].Sort(static (a, b) => a.X.CompareTo(b.X));
        return count;
    }

    private DetectionViews Views(FrameFormat format, bool thorough)
    {
        if (!format.Equals(_format))
        {
            _format = format;
            _whole = new DetectionViews(format, Rotation, thorough: false);
            _tiled = new DetectionViews(format, Rotation, thorough: true);
        }

        return (thorough ? _tiled : _whole)!;
    }
}
