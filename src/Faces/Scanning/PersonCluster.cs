using System.Numerics.Tensors;
using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Sightings that look like one person.</summary>
internal sealed class PersonCluster
{
    private readonly float[] _sum = new float[FaceEmbedder.Length];
    private readonly HashSet<int> _frames = [];

    public List<ScanSighting> Sightings { get; } = [];

    /// <summary>Unit-length mean embedding, weighted by quality: a blurred sighting pulls little.</summary>
    public float[] Center { get; } = new float[FaceEmbedder.Length];

    public float Prominence => Sightings.Sum(sighting => sighting.Size);

    public ScanSighting Best => Sightings.MaxBy(sighting => (sighting.Tile is not null, sighting.Quality))!;

    public int FirstFrame => Sightings.Min(sighting => sighting.Frame);

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
}
