using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>What one swap network is told of one source. The same for every face and frame: built once per job, then only read.</summary>
public sealed class SourceTensor
{
    private readonly float[] _values;

    private SourceTensor(SwapNetwork network, float[] values)
    {
        Network = network;
        _values = values;
    }

    public SwapNetwork Network { get; }

    public ReadOnlySpan<float> Values => _values;

    /// <summary>Whether the target's identity can be mixed in.</summary>
    public bool CanMix => Network.Kind != SourceKind.Image;

    /// <exception cref="ModelException">A further model is missing or not as its card says.</exception>
    /// <exception cref="ArgumentException">The network wants an embedding, and the source was built without.</exception>
    public static SourceTensor Build(SwapNetwork network, SwapSource source)
    {
        if (network.Kind != SourceKind.Image)
        {
            ArgumentOutOfRangeException.ThrowIfZero(source.Embedding.Length, nameof(source));
        }

        float[] values = network.Kind switch
        {
            SourceKind.Embedding => source.Embedding.ToArray(),
            SourceKind.UnitEmbedding => source.Unit.ToArray(),
            SourceKind.Converted => Convert(network, source.Embedding),
            SourceKind.ConvertedUnit => Unit(Convert(network, source.Embedding)),
            SourceKind.Projected => Project(network, source.Embedding),
            _ => Picture(network, source),
        };
        return new SourceTensor(network, values);
    }

    /// <summary>
    /// <c>source · (1 − k) + target · k</c>, where k falls from 0.35 at weight 0 to −0.35 at weight 1. The target's embedding goes in as
    /// it is or at unit length, by the network's kind; the sum is not brought to any length.
    /// </summary>
    /// <param name="weight">0 to 1.</param>
    /// <param name="target">The raw embedding of the target's face.</param>
    /// <param name="into">Receives as many values as <see cref="Values"/> has.</param>
    public void Mix(double weight, ReadOnlySpan<float> target, Span<float> into)
    {
        float k = MixOf(weight);
        float length = Network.Kind.MixesRaw() ? 1 : Embeddings.Length(target);
        TensorPrimitives.Multiply(target, length > 0 ? k / length : 0, into);
        TensorPrimitives.MultiplyAdd(_values, 1 - k, into, into);
    }

    /// <summary>How much of the target's identity goes in at a weight; 0 at 0.5.</summary>
    public static float MixOf(double weight) => (float)(0.35 - (0.7 * weight));

    private static float[] Unit(float[] values)
    {
        Embeddings.Normalise(values, values);
        return values;
    }

    private static float[] Convert(SwapNetwork network, ReadOnlySpan<float> raw)
    {
        ModelCatalog catalog = network.Sessions.Catalog;
        ModelCard card =
            network.Card.Needs.Select(catalog.Card).FirstOrDefault(c => c.Role == "converter")
            ?? throw new ModelException(
                "model-catalog",
                $"The model catalogue's card {network.Card.Id} needs a converter of embeddings and names none."
            );
        using BoundSession session = new(network.Sessions.Open(card), card.Id);
        float[] input = session.Input;
        float[] output = session.OutputAt(0);
        if (input.Length != raw.Length || output.Length != raw.Length)
        {
            throw new ModelException(
                "model-shape",
                $"The {card.Id} model turns {input.Length} values into {output.Length} and not {raw.Length} into as many; it is not the release's file."
            );
        }

        raw.CopyTo(input);
        session.Run();
        session.RequireFinite();
        return [.. output];
    }

    /// <summary><c>e · M / ‖e‖</c> with M, [in, out], the last constant of the model's graph, of single or half precision.</summary>
    private static float[] Project(SwapNetwork network, ReadOnlySpan<float> raw)
    {
        int length = raw.Length;
        OnnxModel model = OnnxReader.Read(network.Sessions.Catalog.Read(network.Card), OnnxLimits.Default);
        OnnxTensor? last = model.Graph.Initializers.LastOrDefault();
        bool fits =
            last is { Type: OnnxType.Float or OnnxType.Half, External: null }
            && last.Shape.SequenceEqual([length, length])
            && last.Data.Length == (long)length * length * last.Type.Size();
        if (!fits)
        {
            throw new ModelException(
                "model-shape",
                $"The last constant of the {network.Card.Id} model is not the matrix of {length}x{length} that projects an embedding; "
                    + "it is not the release's file, or a tool has reordered its constants."
            );
        }

        float[] matrix = last!.ToFloats();
        float norm = Embeddings.Length(raw);
        float[] latent = new float[length];
        for (int i = 0; i < length; i++)
        {
            TensorPrimitives.MultiplyAdd(matrix.AsSpan(i * length, length), raw[i], latent, latent);
        }

        TensorPrimitives.Divide(latent, norm, latent);
        return latent;
    }

    private static float[] Picture(SwapNetwork network, SwapSource source)
    {
        int[] shape = network.Session.InputMetadata[SwapNetwork.SourceName].Dimensions;
        if (shape is not [_, 3, > 0, > 0] || shape[2] != shape[3])
        {
            throw new ModelException(
                "model-shape",
                $"The {network.Card.Id} model takes no square picture as its source; it is not the release's file."
            );
        }

        ModelInput input = new()
        {
            Name = SwapNetwork.SourceName,
            Width = shape[3],
            Height = shape[2],
            Std = new PerChannel(255),
        };
        FaceCrop crop = new(input, FaceTemplate.Find(network.Card.SourceTemplate));
        float[] values = new float[crop.Length];
        using PhotoFrame photo = new(source.Lead);
        crop.Fill(photo.Frame, photo.Points, values);
        return values;
    }
}
