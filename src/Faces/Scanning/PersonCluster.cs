using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Selecting;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Sightings that look like one person.</summary>
internal sealed class PersonCluster
{
    /// <summary>Sightings that are asked: blurred and turned ones would only add errors.</summary>
    private const int MostVotes = 15;

    private readonly float[] _sum = new float[FaceEmbedder.Length];
    private readonly HashSet<int> _frames = [];

    public List<ScanSighting> Sightings { get; } = [];

    /// <summary>Unit-length mean embedding, weighted by quality: a blurred sighting pulls little.</summary>
    public float[] Center { get; } = new float[FaceEmbedder.Length];

    public float Prominence => Sightings.Sum(sighting => sighting.Size);

    public ScanSighting Best => Sightings.MaxBy(sighting => (sighting.Tile is not null, sighting.Quality))!;

    public int FirstFrame => Sightings.Min(sighting => sighting.Frame);

    /// <summary>
    /// What the classifier takes the person for: of the best sightings, the gender and race that most show, in doubt the better one's, and
    /// the middle one of their ages. Null: it was not asked.
    /// </summary>
    public FaceAttributes? Attributes()
    {
        FaceAttributes[] seen =
        [
            .. Sightings
                .Where(sighting => sighting.Attributes is not null)
                .OrderByDescending(sighting => sighting.Quality)
                .ThenBy(sighting => sighting.Frame)
                .Take(MostVotes)
                .Select(sighting => sighting.Attributes!.Value),
        ];
        return seen.Length == 0
            ? null
            : new FaceAttributes(
                Vote(seen.Select(face => face.Gender)),
                Vote(seen.Select(face => face.Race)),
                seen.Select(face => face.Age).OrderBy(age => age.Start).ElementAt((seen.Length - 1) / 2)
            );
    }

    /// <summary>Mean over the sightings of a number that grows along an order.</summary>
    public float Place(FaceOrder order, int rotation) =>
        Sightings.Average(sighting => FaceSelecting.Key(sighting.Box, order, rotation));

    public bool IsIn(int frame) => _frames.Contains(frame);

    /// <summary>Share of the smaller cluster's frames in which both stand: two faces in one frame are two people.</summary>
    public float Together(PersonCluster other) =>
        (float)_frames.Count(other._frames.Contains) / Math.Min(_frames.Count, other._frames.Count);

    public void Add(ScanSighting sighting)
    {
        Sightings.Add(sighting);
        _frames.Add(sighting.Frame);
        float weight = 0.05f + sighting.Quality;
        TensorPrimitives.MultiplyAdd(sighting.Embedding, weight, _sum, _sum);
        Embeddings.Normalise(_sum, Center);
    }

    public void Absorb(PersonCluster other)
    {
        foreach (ScanSighting sighting in other.Sightings)
        {
            Add(sighting);
        }
    }

    /// <summary>Groups keep the order of their first members, so the better sighting's wins a draw.</summary>
    private static T Vote<T>(IEnumerable<T> votes) => votes.GroupBy(vote => vote).MaxBy(same => same.Count())!.Key;
}
