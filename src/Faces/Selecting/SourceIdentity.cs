using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Finding;

namespace FaceFusion.Batch.Faces.Selecting;

/// <summary>Who a source is, kept beyond the photo: made of the largest face of each of its photos.</summary>
public sealed class SourceIdentity
{
    /// <summary>512 values as the network gives them; over several photos their mean.</summary>
    public required float[] Embedding { get; init; }

    /// <summary>512 values; of one photo of length 1, over several the mean of those, which is a little shorter and not made longer again.</summary>
    public required float[] UnitEmbedding { get; init; }

    /// <summary>Those of the first photo; null where none were asked for.</summary>
    public FaceAttributes? Attributes { get; init; }

    /// <summary>A photo's largest face; null: there is none.</summary>
    /// <param name="faces">The photo's, found with embeddings.</param>
    /// <exception cref="ArgumentException">The faces have no embeddings.</exception>
    public static SourceIdentity? OfLargest(IReadOnlyList<FoundFace> faces)
    {
        List<FoundFace> sorted = [.. faces];
        FaceSelecting.Sort(sorted, Contracts.Recipes.FaceOrder.LargeSmall);
        return sorted.Count == 0 ? null : Of(sorted[0]);
    }

    /// <exception cref="ArgumentException">The face has no embedding.</exception>
    public static SourceIdentity Of(FoundFace face) =>
        face is { Embedding: { } raw, UnitEmbedding: { } unit }
            ? new()
            {
                Embedding = [.. raw],
                UnitEmbedding = [.. unit],
                Attributes = face.Attributes,
            }
            : throw new ArgumentException("The face was found without its embedding.", nameof(face));

    /// <summary>One identity of several photos of a person.</summary>
    /// <param name="photos">One or more, in the user's order.</param>
    public static SourceIdentity Average(IReadOnlyList<SourceIdentity> photos)
    {
        ArgumentOutOfRangeException.ThrowIfZero(photos.Count);
        return new()
        {
            Embedding = Mean([.. photos.Select(photo => photo.Embedding)]),
            UnitEmbedding = Mean([.. photos.Select(photo => photo.UnitEmbedding)]),
            Attributes = photos[0].Attributes,
        };
    }

    private static float[] Mean(float[][] embeddings)
    {
        float[] mean = [.. embeddings[0]];
        foreach (float[] other in embeddings.Skip(1))
        {
            TensorPrimitives.Add(mean, other, mean);
        }

        TensorPrimitives.Divide(mean, embeddings.Length, mean);
        return mean;
    }
}
