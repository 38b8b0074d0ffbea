using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Landmarks;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>
/// The models of one process, loaded once and shared by every thread: a session may run on many threads at a time.
/// Each run uses one thread: nets this small gain nothing from more, and the cores are better used by other frames.
/// </summary>
public sealed class FaceModels : IDisposable
{
    private readonly SessionOptions _options;

    private FaceModels(ModelCatalog catalog)
    {
        _options = InferenceRuntime.CpuOptions();
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        byte[] Read(string role)
        {
            ModelCard card = catalog.Find(role);
            hashes[card.Id] = card.Sha256 ?? "";
            return catalog.Read(card);
        }

        Mesh = CanonicalMesh.Parse(Read("geometry"));
        DetectorSession = Open("detector", Read("detector"));
        MeshSession = Open("face mesh", Read("landmarks"));
        EmbeddingSession = Open("embedding", Read("embedding"));
        Hashes = hashes;
    }

    /// <summary>Model card id to SHA-256 of every file that was loaded.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    public CanonicalMesh Mesh { get; }

    internal InferenceSession DetectorSession { get; }

    internal InferenceSession MeshSession { get; }

    internal InferenceSession EmbeddingSession { get; }

    /// <param name="modelsFolder">The folder with <c>catalog.json</c>.</param>
    /// <exception cref="ModelException">A file is missing, changed or not a model.</exception>
    public static FaceModels Load(string modelsFolder) => new(ModelCatalog.Load(modelsFolder));

    public void Dispose()
    {
        DetectorSession.Dispose();
        MeshSession.Dispose();
        EmbeddingSession.Dispose();
        _options.Dispose();
    }

    private InferenceSession Open(string name, byte[] model)
    {
        try
        {
            return new InferenceSession(model, _options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                "model-load",
                $"The {name} model cannot be loaded ({e.Message}); restore models/ from the release.",
                inner: e
            );
        }
    }
}
