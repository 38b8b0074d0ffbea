using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Ageing;
using FaceFusion.Batch.Faces.Enhancing;
using FaceFusion.Batch.Faces.Expression;
using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>Makes the processors of one chunk, and remembers what must be disposed of with it.</summary>
internal sealed class ProcessorFactory(
    PersonIdentities identities,
    IReadOnlyList<SourcePhotos> photos,
    SourceCache sources,
    FrameFormat format,
    FaceModels models
)
{
    private readonly List<IDisposable> _owned = [];

    public IReadOnlyList<IDisposable> Owned => _owned;

    /// <summary>Has it disposed of with the chunk.</summary>
    public T Keep<T>(T one)
    {
        if (one is IDisposable disposable)
        {
            _owned.Add(disposable);
        }

        return one;
    }

    /// <exception cref="InvalidRecipeException"><c>recipe-model</c>: the step's model is no model for it.</exception>
    /// <exception cref="ModelException">A model is missing, changed, or not of its family.</exception>
    public IFrameProcessor Create(ProcessorStep step) =>
        step switch
        {
            SwapStep swap => new SwapProcessor(Fusers(swap)),
            RedactStep redact => new RedactProcessor(redact),
            DebugStep debug => new DebugProcessor(debug),
            EnhanceStep enhance => new EditProcessor(
                Keep(
                    new FaceEnhancer(
                        models.Sessions,
                        Card(enhance.Model, "enhance", "face-enhancer"),
                        enhance,
                        Limit(enhance.Occluder)
                    )
                ),
                identities.IsMeant
            ),
            ExpressionStep expression => new ExpressionProcessor(
                Keep(
                    new ExpressionRestorer(
                        models.Sessions,
                        Card(expression.Model, "expression", "expression"),
                        expression,
                        Limit(expression.Occluder)
                    )
                ),
                identities.IsMeant
            ),
            AgeStep age => new EditProcessor(Keep(Ager(age)), identities.IsMeant),
            _ => throw new InvalidRecipeException(
                "recipe-processor",
                $"No processor is known for {step.GetType().Name}."
            ),
        };

    /// <summary>What enlarges the frames when all processors are done.</summary>
    /// <inheritdoc cref="Create" path="/exception"/>
    public FrameUpscaler Upscaler(UpscaleStep step) =>
        Keep(new FrameUpscaler(models.Sessions, UpscalerCard(models.Sessions.Catalog, step), step, format));

    /// <summary>Card of the step's model.</summary>
    /// <inheritdoc cref="Create" path="/exception"/>
    public static ModelCard UpscalerCard(ModelCatalog catalog, UpscaleStep step) =>
        Card(catalog, step.Model, "upscale", "frame-enhancer");

    private IFaceEditor Ager(AgeStep step)
    {
        ModelCard card = Card(step.Model, "age", "age");
        return card.Family == "fran"
            ? new FranModifier(models.Sessions, card, step, identities.AgeOf, Limit(step.Occluder))
            : new StyleganexModifier(models.Sessions, card, step, Limit(step.Occluder));
    }

    private MaskLimit? Limit(string? occluder) =>
        occluder is null ? null : Keep(new OcclusionLimit(models.Sessions, occluder)).Lower;

    /// <summary>Fuser by person number.</summary>
    private Dictionary<int, IFaceFuser> Fusers(SwapStep swap)
    {
        Func<SourcePhotos, IFaceFuser> make = swap.Model == SwapStep.Mesh ? Mesh(swap) : Network(swap);
        Dictionary<string, IFaceFuser> byName = photos
            .Where(p => identities.Names.Values.Contains(p.Name))
            .ToDictionary(p => p.Name, make);
        return identities.Names.Where(n => byName.ContainsKey(n.Value)).ToDictionary(n => n.Key, n => byName[n.Value]);
    }

    private Func<SourcePhotos, IFaceFuser> Mesh(SwapStep swap) =>
        p => new MeshFuser(sources.Mesh(p, models.Mesh), swap, format.Matrix);

    private Func<SourcePhotos, IFaceFuser> Network(SwapStep swap)
    {
        SwapNetwork network = new(models.Sessions, Card(swap.Model, "swap", "fuser"));
        MaskRules.CheckBoost(swap.PixelBoost, network.Size, "/processors/swap");
        // Only a mixed identity looks at the target's; one recogniser serves all sources of this thread.
        IdentityEmbedder? embedder = swap.Weight == 0.5 ? null : Keep(network.OpenEmbedder());
        return p => Keep(new NetworkFuser(sources.Tensor(p, network), swap.ToNetwork(), embedder));
    }

    private ModelCard Card(string id, string step, string role) => Card(models.Sessions.Catalog, id, step, role);

    private static ModelCard Card(ModelCatalog catalog, string id, string step, string role)
    {
        ModelCard? card = catalog.Cards.FirstOrDefault(c => c.Id == id && c.Role == role && c.File is not null);
        if (card is not null)
        {
            return card;
        }

        string known = string.Join(
            ", ",
            catalog.Cards.Where(c => c.Role == role && catalog.IsHere(c)).Select(c => c.Id)
        );
        throw new InvalidRecipeException(
            "recipe-model",
            $"Recipe field processors.{step}.model names {id}, which is not a {role} of the catalogue; "
                + (known.Length > 0 ? $"on this machine are {known}." : $"`ffb models list --role {role}` shows all.")
        );
    }
}
