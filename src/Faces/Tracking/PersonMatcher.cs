using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>Says which person of the scan a face is, from the mean of the embeddings along its chain.</summary>
internal sealed class PersonMatcher(IReadOnlyList<Person> people, int reach)
{
    /// <summary>Cosine below which a face is nobody of the scan.</summary>
    private const float MinCosine = 0.35f;

    /// <summary>Two faces of one frame are the same person (a mirror, a picture on the wall) only if both are this close.</summary>
    private const float SurelySame = 0.6f;

    private readonly Person[] _people = [.. people];
    private readonly float[] _mean = new float[FaceEmbedder.Length];

    /// <summary>Person number of the nearest person, or 0, and the cosine to it.</summary>
    public (int Person, float Cosine) Match(Sighting face)
    {
        Array.Clear(_mean);
        Sighting first = face;
        for (int k = 0; k < reach && first.Previous is { } previous; k++)
        {
            first = previous;
        }

        // In the order of time from the first reachable one: sums of floats depend on their order.
        bool any = false;
        bool passed = false;
        int after = 0;
        for (Sighting? at = first; at is not null && after <= reach; at = at.Next)
        {
            if (at.HasEmbedding)
            {
                any = true;
                TensorPrimitives.Add(_mean, at.Embedding, _mean);
            }

            passed |= ReferenceEquals(at, face);
            after += passed ? 1 : 0;
        }

        if (!any)
        {
            return (0, 0);
        }

        Embeddings.Normalise(_mean, _mean);
        (int Person, float Cosine) best = (0, MinCosine);
        foreach (Person person in _people)
        {
            float cosine = Embeddings.Cosine(_mean, person.Embedding);
            if (cosine > best.Cosine)
            {
                best = (person.Number, cosine);
            }
        }

        return best.Person == 0 ? (0, 0) : best;
    }

    /// <summary>A person stands in a frame once: of two faces that match the same one, the farther keeps it only if it is very close too.</summary>
    public static void KeepNearest(List<TrackedFace> faces, ReadOnlySpan<float> cosines)
    {
        for (int i = 0; i < faces.Count; i++)
        {
            for (int j = 0; j < faces.Count; j++)
            {
                if (i != j && faces[i].Person != 0 && faces[i].Person == faces[j].Person)
                {
                    bool farther = cosines[i] < cosines[j] || (cosines[i] == cosines[j] && i > j);
                    if (farther && cosines[i] < SurelySame)
                    {
                        faces[i].Person = 0;
                    }
                }
            }
        }
    }
}
