using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Expression;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>The recipe's processors, ready to run on frames of one format, and who gets whose face. One thread's own.</summary>
internal sealed class ProcessorChain : IDisposable
{
    private readonly IFrameProcessor[] _processors;
    private readonly ExpressionProcessor[] _restorers;
    private readonly FaceMarker? _marker;
    private readonly IReadOnlyList<IDisposable> _owned;

    private ProcessorChain(
        IReadOnlyList<IFrameProcessor> processors,
        PersonIdentities identities,
        FaceMarker? marker,
        FrameUpscaler? upscaler,
        IReadOnlyList<IDisposable> owned
    )
    {
        _processors = [.. processors];
        _restorers = [.. processors.OfType<ExpressionProcessor>()];
        _marker = marker;
        _owned = owned;
        Upscaler = upscaler;
        Identities = identities;
    }

    public PersonIdentities Identities { get; }

    /// <summary>Enlarges what <see cref="Run"/> is done with; null: frames keep their size.</summary>
    public FrameUpscaler? Upscaler { get; }

    /// <exception cref="InvalidRecipeException">A source photo is of no use, or a model does not do what its step asks for.</exception>
    /// <exception cref="ModelException">A model is missing, changed, or not of its family.</exception>
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
        ProcessorFactory factory = new(identities, photos, sources, format, models);
        try
        {
            IFrameProcessor[] processors =
            [
                .. recipe.Processors.Where(p => p is not UpscaleStep).Select(factory.Create),
            ];
            FaceMarker? marker = factory.Keep(FaceMarker.Open(models.Sessions, recipe.Finding));
            FrameUpscaler? upscaler = recipe.Processors.OfType<UpscaleStep>().SingleOrDefault() is { } step
                ? factory.Upscaler(step)
                : null;
            return new ProcessorChain(processors, identities, marker, upscaler, factory.Owned);
        }
        catch (FusionException)
        {
            Dispose(factory.Owned);
            throw;
        }
    }

    /// <summary>Changes a frame as it was decoded, in place.</summary>
    public void Run(Frame frame, FrameFaces faces)
    {
        _marker?.Mark(frame, faces);
        foreach (ExpressionProcessor restorer in _restorers)
        {
            restorer.Remember(frame, faces);
        }

        foreach (IFrameProcessor processor in _processors)
        {
            processor.Process(frame, faces);
        }
    }

    public void Dispose() => Dispose(_owned);

    private static void Dispose(IReadOnlyList<IDisposable> owned)
    {
        foreach (IDisposable one in owned)
        {
            one.Dispose();
        }
    }
}
