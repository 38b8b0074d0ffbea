using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>
/// Groups sightings into people: each joins the nearest group as it comes, then groups whose mean embeddings are close are merged, closest
/// first. Poor sightings (small, blurred, turned away) found no group of their own if any other group is near, because their embeddings
/// scatter.
/// </summary>
internal sealed class PeopleClusters
{
    /// <summary>Cosine above which two groups, or a sighting and a group, are one person.</summary>
    private const float SamePerson = 0.45f;

    /// <summary>Cosine above which a poor sighting is given to the nearest group.</summary>
    private const float PoorMatch = 0.3f;

    private const float PoorQuality = 0.12f;

    /// <summary>Two groups that stand in the same frames more often than this are two people, however alike.</summary>
    private const float MaxTogether = 0.1f;

    private readonly List<PersonCluster> _clusters = [];

    /// <summary>Adds one frame's faces; of one frame no two go to the same group.</summary>
    public void Add(IReadOnlyList<ScanSighting> frame)
    {
        foreach (ScanSighting sighting in frame.OrderByDescending(s => s.Quality))
        {
            (PersonCluster? nearest, float cosine) = Nearest(sighting);
            if (nearest is not null && cosine >= SamePerson)
            {
                KeepBetterTile(nearest, sighting);
                nearest.Add(sighting);
            }
            else
            {
                var cluster = new PersonCluster();
                cluster.Add(sighting);
                _clusters.Add(cluster);
            }
        }
    }

    /// <summary>The people, most prominent first.</summary>
    public IReadOnlyList<PersonCluster> Resolve()
    {
        MergeClose();
        GiveAwayPoor();
        return [.. _clusters.OrderByDescending(cluster => cluster.Prominence).ThenBy(cluster => cluster.FirstFrame)];
    }

    private (PersonCluster? Cluster, float Cosine) Nearest(ScanSighting sighting)
    {
        PersonCluster? nearest = null;
        float best = -1;
        foreach (PersonCluster cluster in _clusters)
        {
            float cosine = Embeddings.Cosine(cluster.Center, sighting.Embedding);
            if (cosine > best && !cluster.IsIn(sighting.Frame))
            {
                (nearest, best) = (cluster, cosine);
            }
        }

        return (nearest, best);
    }

    /// <summary>Only the best picture of a group is shown, so only that one is kept.</summary>
    private static void KeepBetterTile(PersonCluster cluster, ScanSighting sighting)
    {
        ScanSighting best = cluster.Best;
        ScanSighting worse = sighting.Quality > best.Quality ? best : sighting;
        worse.Tile = null;
    }

    private void MergeClose()
    {
        while (true)
        {
            float best = SamePerson;
            (int Into, int From) pair = (-1, -1);
            for (int i = 0; i < _clusters.Count; i++)
            {
                for (int j = i + 1; j < _clusters.Count; j++)
                {
                    float cosine = Embeddings.Cosine(_clusters[i].Center, _clusters[j].Center);
                    if (cosine > best && _clusters[i].Together(_clusters[j]) <= MaxTogether)
                    {
                        best = cosine;
                        pair = (i, j);
                    }
                }
            }

            if (pair.Into < 0)
            {
                return;
            }

            _clusters[pair.Into].Absorb(_clusters[pair.From]);
            _clusters.RemoveAt(pair.From);
        }
    }

    private void GiveAwayPoor()
    {
        foreach (PersonCluster poor in _clusters.Where(c => c.Sightings.All(s => s.Quality < PoorQuality)).ToList())
        {
            PersonCluster? nearest = _clusters
                .Where(other => !ReferenceEquals(other, poor) && other.Together(poor) <= MaxTogether)
                .MaxBy(other => Embeddings.Cosine(other.Center, poor.Center));
            if (nearest is not null && Embeddings.Cosine(nearest.Center, poor.Center) >= PoorMatch)
            {
                nearest.Absorb(poor);
                _clusters.Remove(poor);
            }
        }
    }
}
