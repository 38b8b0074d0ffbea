using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>
/// A swap model of the catalogue. Its inputs <c>source</c> (who) and <c>target</c> (the face's crop) are found by name; its first output
/// is the new crop, further ones are not read. Loaded once, shared by every thread.
/// </summary>
public sealed class SwapNetwork
{
    /// <exception cref="ModelException">The model cannot be loaded, or is not as its card says.</exception>
    public SwapNetwork(ModelSessions sessions, ModelCard card)
    {
        Sessions = sessions;
        Card = card;
        Input = card.Input ?? throw Unfit(card, "gives no input for the face's crop");
        Output = card.Output ?? new ModelOutput();
        Template = FaceTemplate.Find(card.Template);
        Kind = SourceKinds.Parse(card);
        Session = sessions.Open(card);
        if (!Session.InputMetadata.ContainsKey(TargetName) || !Session.InputMetadata.ContainsKey(SourceName))
        {
            throw Unfit(card, $"is a fuser, but its file has no inputs {SourceName} and {TargetName}");
        }

        if (Input.Width != Input.Height || Input.Layout != "nchw")
        {
            throw Unfit(card, "is a fuser, but its crops are not square and planar");
        }
    }

    public const string SourceName = "source";
    public const string TargetName = "target";

    public ModelCard Card { get; }

    public FaceTemplate Template { get; }

    /// <summary>Edge of the model's crop in pixels.</summary>
    public int Size => Input.Width;

    /// <summary>Whether several crops can go through in one run.</summary>
    public bool TakesBatches => IsOpen(TargetName) && IsOpen(SourceName);

    internal ModelSessions Sessions { get; }

    internal InferenceSession Session { get; }

    internal ModelInput Input { get; }

    internal ModelOutput Output { get; }

    internal SourceKind Kind { get; }

    /// <summary>One thread's recogniser of those that the card needs; null for networks that are shown a picture.</summary>
    /// <exception cref="ModelException">The card names none, or it is missing or not as its card says.</exception>
    public IdentityEmbedder? OpenEmbedder()
    {
        if (Kind == SourceKind.Image)
        {
            return null;
        }

        ModelCard recogniser =
            Card.Needs.Select(Sessions.Catalog.Card).FirstOrDefault(card => card.Role == "embedding")
            ?? throw Unfit(Card, "needs a recogniser and names none");
        return new IdentityEmbedder(Sessions, recogniser);
    }

    /// <summary>One thread's buffers for so many crops in one run where the model takes them, else for one.</summary>
    /// <exception cref="ModelException">As <see cref="Bind"/>.</exception>
    internal (BoundSession Session, int Batch) BindUpTo(int crops, int sourceLength)
    {
        if (crops > 1 && TakesBatches)
        {
            try
            {
                return (Bind(crops, sourceLength), crops);
            }
            catch (ModelException e) when (e.Code == "model-shape")
            {
                // Some exports call their batch open though a node within has it fixed at 1: these go one by one.
            }
        }

        return (Bind(1, sourceLength), 1);
    }

    /// <summary>One thread's buffers.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the file's inputs or output are not as the card says.</exception>
    internal BoundSession Bind(int batch, int sourceLength)
    {
        NodeMetadata source = Session.InputMetadata[SourceName];
        long[] sourceShape = [.. source.Dimensions.Select((d, i) => d > 0 ? d : (i == 0 ? batch : sourceLength))];
        Dictionary<string, long[]> shapes = new() { [TargetName] = [batch, 3, Size, Size], [SourceName] = sourceShape };
        BoundSession bound = new(Session, Card.Id, batch, shapes);
        bool fits =
            bound.InputOf(SourceName).Length == batch * sourceLength
            && bound.OutputAt(0).Length == bound.InputOf(TargetName).Length;
        if (!fits)
        {
            string message =
                $"The {Card.Id} model takes {bound.InputOf(SourceName).Length} values of source where {batch * sourceLength} are due, "
                + $"and gives {bound.OutputAt(0).Length} where a crop has {bound.InputOf(TargetName).Length}; it is not the release's file.";
            bound.Dispose();
            throw new ModelException("model-shape", message);
        }

        return bound;
    }

    private bool IsOpen(string input) => Session.InputMetadata[input].Dimensions is [<= 0, ..];

    private static ModelException Unfit(ModelCard card, string what) =>
        new("model-catalog", $"The model catalogue's card {card.Id} {what}.");
}

/// <summary>What a swap network wants to know of the source.</summary>
internal enum SourceKind
{
    /// <summary>The raw embedding.</summary>
    Embedding,

    /// <summary>The embedding of unit length.</summary>
    UnitEmbedding,

    /// <summary>What a converter makes of the raw embedding.</summary>
    Converted,

    /// <summary>That, of unit length.</summary>
    ConvertedUnit,

    /// <summary>The raw embedding through the matrix in the model's own file, over the embedding's length.</summary>
    Projected,

    /// <summary>A picture of the source.</summary>
    Image,
}

internal static class SourceKinds
{
    public static SourceKind Parse(ModelCard card) =>
        card.Source switch
        {
            "embedding" => SourceKind.Embedding,
            "embedding-unit" => SourceKind.UnitEmbedding,
            "converted" => SourceKind.Converted,
            "converted-unit" => SourceKind.ConvertedUnit,
            "projected" => SourceKind.Projected,
            "image" => SourceKind.Image,
            _ => throw new ModelException(
                "model-catalog",
                $"The model catalogue's card {card.Id} has the source {card.Source ?? "null"}, which there is not."
            ),
        };

    /// <summary>Whether the target's embedding is mixed in as it is; else it is brought to unit length first.</summary>
    public static bool MixesRaw(this SourceKind kind) => kind is SourceKind.Embedding or SourceKind.Converted;
}
