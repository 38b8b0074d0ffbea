using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>
/// The sparse first look at a target: frames are added, then the people in them are told apart and the recipe's selection is resolved,
/// once for the whole job.
/// </summary>
public sealed class PeopleScan(FrameAnalyser analyser)
{
    private const int MaxFaces = 64;
    private const float MinMeshScore = 0.5f;

    private readonly PeopleClusters _clusters = new();
    private readonly FaceBox[] _boxes = new FaceBox[MaxFaces];
    private readonly float[] _landmarks = new float[TrackedFace.LandmarkCount * 3];
    private readonly FaceTile _tile = new();
    private IReadOnlyList<PersonCluster>? _people;

    public int FramesScanned { get; private set; }

    /// <summary>Looks at one more frame; its number is that in the target.</summary>
    public void Add(Frame frame)
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

        _clusters.Add(sightings);
        FramesScanned++;
        _people = null;
    }

    /// <summary>Who is in the scanned frames, and who of them is meant.</summary>
    /// <param name="identities">Names of the identities that may be put on people, in the user's order; empty where none is.</param>
    /// <exception cref="Contracts.Errors.InvalidRecipeException">The selection names a person or an identity that is not there.</exception>
    public ScanResult Resolve(FaceSelection selection, IReadOnlyList<string> identities)
    {
        _people ??= _clusters.Resolve();
        List<Person> people = [];
        foreach (PersonCluster cluster in _people)
        {
            people.Add(Describe(cluster, people.Count + 1));
        }

        List<string> warnings = [];
        if (people.Count == 0)
        {
            warnings.Add($"No face was found in the {FramesScanned} frames that were looked at.");
        }

        return new ScanResult
        {
            FramesScanned = FramesScanned,
            People = PeopleSelection.Resolve(people, selection, identities, warnings),
            Warnings = warnings,
        };
    }

    /// <summary>The contact sheet, PNG bytes: one tile a person with number, sightings and time.</summary>
    /// <param name="secondsOf">Presentation time of a frame.</param>
    public byte[] ContactSheet(ScanResult result, Func<int, double> secondsOf)
    {
        _people ??= _clusters.Resolve();
        return Scanning.ContactSheet.Draw(result, [.. _people.Select(cluster => cluster.Best.Tile)], secondsOf);
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
            Embedding = embedding,
            Size = MathF.Min(1, box.Size / height),
            Quality = _tile.Quality(box, yaw, pitch),
            Tile = _tile.ToRgb24(),
        };
    }

    private static Person Describe(PersonCluster cluster, int number) =>
        new()
        {
            Number = number,
            Embedding = cluster.Center,
            Sightings = cluster.Sightings.Count,
            Size = cluster.Sightings.Average(sighting => sighting.Size),
            BestFrame = cluster.Best.Frame,
            Seen = new FrameRange(cluster.FirstFrame, cluster.Sightings.Max(sighting => sighting.Frame) + 1),
        };
}
