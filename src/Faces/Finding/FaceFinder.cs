using System.Runtime.InteropServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>What to tell of each found face beside its place: each costs a network's run per face.</summary>
[Flags]
public enum FaceDetails
{
    None = 0,

    /// <summary>For selectors by reference, and for source faces.</summary>
    Embedding = 1,

    /// <summary>For filters by gender, race and age.</summary>
    Attributes = 2,
}

/// <summary>
/// Finds the faces of a frame with FaceFusion's chain: detectors, one box per face, landmarks, and the details that are asked for. One per
/// thread: it owns the buffers that the shared models run on, and once it has seen as many faces as a frame shows, a call allocates nothing.
/// </summary>
public sealed class FaceFinder : IDisposable
{
    private static readonly string[] ManyDetectors = ["retinaface", "scrfd", "yolo_face"];

    private readonly FaceFinding _settings;
    private readonly FamilyDetector[] _detectors;
    private readonly PointExpander _expander;
    private readonly FaceLandmarker? _landmarker;
    private readonly IdentityEmbedder? _embedder;
    private readonly FairfaceClassifier? _classifier;
    private readonly BoxSuppression _suppression = new();
    private readonly List<FaceCandidate> _candidates = [];
    private readonly List<FoundFace> _pool = [];
    private readonly List<FoundFace> _found = [];
    private readonly int[] _angles;

    /// <param name="models">Shared by all threads.</param>
    /// <param name="settings">Which models, and how.</param>
    /// <param name="details">What <see cref="Find"/> tells of each face.</param>
    /// <param name="rotation">Degrees that a player turns the frames clockwise: 0, 90, 180 or 270. Angles and margins are those of the picture that it shows.</param>
    /// <exception cref="InvalidRecipeException">A setting is out of its range.</exception>
    /// <exception cref="ModelException">A model is not in the catalogue, cannot be loaded, or is not of its family.</exception>
    public FaceFinder(
        ModelSessions models,
        FaceFinding settings,
        FaceDetails details = FaceDetails.None,
        int rotation = 0
    )
    {
        FaceRules.Check(settings);
        if (rotation is not (0 or 90 or 180 or 270))
        {
            throw new ArgumentOutOfRangeException(nameof(rotation), rotation, "Must be 0, 90, 180 or 270.");
        }

        _settings = settings;
        _angles = [.. settings.Angles.Select(angle => RightAngle.Normalise(angle - rotation))];
        string[] detectors = settings.Detector == FaceFinding.Many ? ManyDetectors : [settings.Detector];
        _detectors =
        [
            .. detectors.Select(id => FamilyDetector.Open(models, models.Catalog.Card(id), settings.DetectorSize)),
        ];
        _expander = new PointExpander(models, OfFamily(models.Catalog, "fan-68-5"));
        _landmarker = settings.LandmarkerScore > 0 ? new FaceLandmarker(models, settings.Landmarker) : null;
        _embedder = details.HasFlag(FaceDetails.Embedding)
            ? new IdentityEmbedder(models, OfFamily(models.Catalog, "arcface"))
            : null;
        if (_embedder is { Length: not FoundFace.EmbeddingLength and int length })
        {
            throw new ModelException(
                "model-shape",
                $"The recogniser gives embeddings of {length} values where its family gives {FoundFace.EmbeddingLength}; the file is not of the family that the catalogue names."
            );
        }

        _classifier = details.HasFlag(FaceDetails.Attributes)
            ? new FairfaceClassifier(models, OfFamily(models.Catalog, "fairface"))
            : null;
    }

    /// <summary>The frame's faces in order of falling detector score; the list and the faces are valid until the next call.</summary>
    public IReadOnlyList<FoundFace> Find(Frame frame)
    {
        Detect(frame);
        float threshold = BoxSuppression.Threshold(_angles.Length, _detectors.Length > 1);
        ReadOnlySpan<FaceCandidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        _found.Clear();
        foreach (int index in _suppression.Suppress(candidates, (float)_settings.MinScore, threshold))
        {
            if (_found.Count == _pool.Count)
            {
                _pool.Add(new FoundFace());
            }

            FoundFace face = _pool[_found.Count];
            face.Begin(candidates[index]);
            _found.Add(face);
            Describe(frame, face);
        }

        return _found;
    }

    public void Dispose()
    {
        foreach (FamilyDetector detector in _detectors)
        {
            detector.Dispose();
        }

        _expander.Dispose();
        _landmarker?.Dispose();
        _embedder?.Dispose();
        _classifier?.Dispose();
    }

    /// <summary>Everything that any detector sees at any angle.</summary>
    private void Detect(Frame frame)
    {
        _candidates.Clear();
        foreach (int angle in _angles)
        {
            DetectorView view = new(
                frame.Format.Width,
                frame.Format.Height,
                angle,
                _settings.Margins,
                _settings.DetectorSize
            );
            foreach (FamilyDetector detector in _detectors)
            {
                detector.Detect(frame, view, (float)_settings.MinScore, _candidates);
            }
        }

        _candidates.RemoveAll(static candidate => !candidate.IsFace);
    }

    private void Describe(Frame frame, FoundFace face)
    {
        _expander.Expand(face.DetectedPoints, face.Points68Buffer);
        face.Angle = RightAngle.Nearest(SixtyEightPoints.Angle(face.Points68));
        if (_landmarker is not null)
        {
            float score = _landmarker.Find(frame, face.Box, face.Angle, face.Points68Buffer);
            face.LandmarkScore = score;
            if (score > (float)_settings.LandmarkerScore)
            {
                SixtyEightPoints.ToFive(face.Points68, face.PointsBuffer);
            }
        }

        if (_embedder is not null)
        {
            (float[] raw, float[] unit) = face.KeepEmbedding();
            _embedder.Embed(frame, face.Points).CopyTo(raw);
            Embeddings.Normalise(raw, unit);
        }

        face.Attributes = _classifier?.Classify(frame, face.Points);
    }

    /// <summary>Models that a recipe does not choose: there is one of each kind.</summary>
    private static ModelCard OfFamily(ModelCatalog catalog, string family) =>
        catalog.Cards.FirstOrDefault(card => card.Family == family)
        ?? throw new ModelException(
            "model-unknown",
            $"The model catalogue has no model of the family {family}, without which faces cannot be found this way; restore it from the release."
        );
}
