using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Scanning;

namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>One person as swap networks know them. Built once per job from all photos, then read by any number of threads.</summary>
public sealed class SwapSource
{
    private readonly float[] _embedding;
    private readonly float[] _unit;

    private SwapSource(SourceFace lead, float[] embedding, float[] unit)
    {
        Lead = lead;
        _embedding = embedding;
        _unit = unit;
    }

    /// <summary>The first photo, for networks that take a picture.</summary>
    public SourceFace Lead { get; }

    /// <summary>The mean of the photos' raw embeddings; empty where none was asked for.</summary>
    public ReadOnlySpan<float> Embedding => _embedding;

    /// <summary>The mean of the photos' embeddings of unit length: itself a little shorter where photos differ. Empty as above.</summary>
    public ReadOnlySpan<float> Unit => _unit;

    /// <param name="photos">Of one person; at least one.</param>
    /// <param name="embedder">Null: only networks that take a picture can use the source.</param>
    public static SwapSource Build(IReadOnlyList<SourceFace> photos, IdentityEmbedder? embedder)
    {
        ArgumentOutOfRangeException.ThrowIfZero(photos.Count, nameof(photos));
        float[] embedding = new float[embedder?.Length ?? 0];
        float[] unit = new float[embedding.Length];
        float[] one = new float[embedding.Length];
        foreach (SourceFace photo in photos)
        {
            if (embedder is not null)
            {
                using PhotoFrame frame = new(photo);
                ReadOnlySpan<float> raw = embedder.Embed(frame.Frame, frame.Points);
                TensorPrimitives.Add(embedding, raw, embedding);
                Embeddings.Normalise(raw, one);
                TensorPrimitives.Add(unit, one, unit);
            }
        }

        TensorPrimitives.Divide(embedding, photos.Count, embedding);
        TensorPrimitives.Divide(unit, photos.Count, unit);
        return Embeddings.Length(embedding) > 0 || embedder is null
            ? new SwapSource(photos[0], embedding, unit)
            : throw new ModelException(
                "model-output",
                $"The recogniser gives nothing for the source photo {photos[0].Photo}; it is not of the family that the catalogue names."
            );
    }
}
