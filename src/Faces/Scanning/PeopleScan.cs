using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>
/// The sparse first look at a target: the sightings of its frames are added, then the people in them are told apart and the recipe's
/// selection is resolved, once for the whole job.
/// </summary>
public sealed class PeopleScan
{
    private readonly PeopleClusters _clusters = new();
    private readonly HashSet<int> _frames = [];
    private List<PersonCluster>? _people;

    public int FramesScanned { get; private set; }

    /// <summary>Adds what <see cref="FrameScan.Look"/> saw in one frame; frames come in order.</summary>
    public void Add(IReadOnlyList<ScanSighting> frame)
    {
        _clusters.Add(frame);
        _frames.UnionWith(frame.Select(sighting => sighting.Frame));
        FramesScanned++;
        _people = null;
    }

    /// <summary>Adds a frame out of turn, unless its faces are known already.</summary>
    public void AddOnce(IReadOnlyList<ScanSighting> frame)
    {
        if (frame.Count > 0 && !_frames.Contains(frame[0].Frame))
        {
            Add(frame);
        }
    }

    /// <summary>Who is in the scanned frames, and who of them is meant.</summary>
    /// <param name="identities">Names of the identities that may be put on people, in the user's order; empty where none is.</param>
    /// <exception cref="Contracts.Errors.InvalidRecipeException">The selection names a person or an identity that is not there.</exception>
    public ScanResult Resolve(FaceSelection selection, IReadOnlyList<string> identities) =>
        Resolve((people, warnings) => PeopleSelection.Resolve(people, selection, identities, warnings));

    /// <summary>As the other, by FaceFusion's selector.</summary>
    /// <param name="scene">Source and reference, where the selector asks for them.</param>
    /// <param name="identities">Mode <c>many</c> deals them out in the selector's order; else the first one is taken.</param>
    public ScanResult Resolve(FaceSelector selector, SelectorScene scene, IReadOnlyList<string> identities) =>
        Resolve(
            (people, warnings) =>
            {
                int[] meant =
                [
                    .. scene.ChoosePeople(_people!, selector).Select(cluster => 1 + _people!.IndexOf(cluster)),
                ];
                string[] dealt = selector.Mode == FaceSelectorMode.Many ? [.. identities] : [.. identities.Take(1)];
                return PeopleSelection.Resolve(people, meant, dealt, warnings);
            }
        );

    /// <summary>The contact sheet, PNG bytes: one tile a person with number, sightings and time.</summary>
    /// <param name="secondsOf">Presentation time of a frame.</param>
    public byte[] ContactSheet(ScanResult result, Func<int, double> secondsOf)
    {
        _people ??= [.. _clusters.Resolve()];
        return Scanning.ContactSheet.Draw(result, [.. _people.Select(cluster => cluster.Best.Tile)], secondsOf);
    }

    private ScanResult Resolve(Func<IReadOnlyList<Person>, List<string>, IReadOnlyList<Person>> select)
    {
        _people ??= [.. _clusters.Resolve()];
        List<Person> people = [];
        foreach (PersonCluster cluster in _people)
        {
            people.Add(Describe(cluster, people.Count + 1));
        }

        List<string> warnings = [];
        if (people.Count == 0 && FramesScanned > 0)
        {
            warnings.Add($"No face was found in the {FramesScanned} frames that were looked at.");
        }

        return new ScanResult
        {
            FramesScanned = FramesScanned,
            People = select(people, warnings),
            Warnings = warnings,
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
            Attributes = cluster.Attributes(),
            Seen = new FrameRange(cluster.FirstFrame, cluster.Sightings.Max(sighting => sighting.Frame) + 1),
        };
}
