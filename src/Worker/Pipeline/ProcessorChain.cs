using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>The recipe's processors, ready to run on frames of one format, and who gets whose face.</summary>
internal sealed class ProcessorChain
{
    private ProcessorChain(IReadOnlyList<IFrameProcessor> processors, PersonIdentities identities)
    {
        Processors = processors;
        Identities = identities;
    }

    /// <summary>In the recipe's order.</summary>
    public IReadOnlyList<IFrameProcessor> Processors { get; }

    public PersonIdentities Identities { get; }

    /// <exception cref="InvalidRecipeException">A source photo is of no use, or a fuser is not known.</exception>
    public static ProcessorChain Create(
        Recipe recipe,
        ScanResult scan,
        IReadOnlyList<SourcePhotos> photos,
        SourceCache sources,
        FrameFormat format,
        FaceModels models
    )
    {
        bool swaps = recipe.Processors.Any(p => p is SwapStep);
        IReadOnlyDictionary<string, float[]> embeddings = swaps
            ? photos.ToDictionary(p => p.Name, sources.Embedding)
            : new Dictionary<string, float[]>();
        var identities = new PersonIdentities(recipe, scan.People, embeddings);
        return new ProcessorChain(
            [.. recipe.Processors.Select(step => Create(step, identities, photos, sources, format, models))],
            identities
        );
    }

    private static IFrameProcessor Create(
        ProcessorStep step,
        PersonIdentities identities,
        IReadOnlyList<SourcePhotos> photos,
        SourceCache sources,
        FrameFormat format,
        FaceModels models
    ) =>
        step switch
        {
            SwapStep swap when swap.Model == "mesh" => new SwapProcessor(
                Fusers(swap, identities, photos, sources, format, models)
            ),
            SwapStep swap => throw new InvalidRecipeException(
                "recipe-model",
                $"Recipe field processors.swap.model names {swap.Model}, which is not a fuser of the catalogue; use mesh."
            ),
            RedactStep redact => new RedactProcessor(redact),
            DebugStep debug => new DebugProcessor(debug),
            _ => throw new InvalidRecipeException(
                "recipe-processor",
                $"No processor is known for {step.GetType().Name}."
            ),
        };

    private static Dictionary<int, IFaceFuser> Fusers(
        SwapStep swap,
        PersonIdentities identities,
        IReadOnlyList<SourcePhotos> photos,
        SourceCache sources,
        FrameFormat format,
        FaceModels models
    )
    {
        Dictionary<string, IFaceFuser> byName = photos
            .Where(p => identities.Names.Values.Contains(p.Name))
            .ToDictionary(
                p => p.Name,
                IFaceFuser (p) => new MeshFuser(sources.Mesh(p, models.Mesh), swap, format.Matrix)
            );
        return identities.Names.Where(n => byName.ContainsKey(n.Value)).ToDictionary(n => n.Key, n => byName[n.Value]);
    }
}
