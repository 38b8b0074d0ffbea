using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Landmarks;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>
/// The models of one process, loaded once and shared by every thread: a session may run on many threads at a time.
/// Each run uses one thread: nets this small gain nothing from more, and the cores are better used by other frames.
/// </summary>
public sealed class FaceModels : IDisposable
{
    private FaceModels(ModelCatalog catalog, InferenceDevice device)
    {
        Device = device;
        Sessions = new ModelSessions(catalog, device);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        byte[] Read(ModelCard card)
        {
            hashes[card.Id] = card.Sha256 ?? "";
            return catalog.Read(card);
        }

        InferenceSession Open(string role)
        {
            ModelCard card = catalog.Find(role);
            byte[] model = Read(card);
            ModelAdmission.Judge(model, folder: null, card).Require(card.Id);
            return device.Load(
                card.Id,
                model,
                card.IsCpuOnly ? InferenceDevice.AlwaysOnCpu
                    : device.FindsOnCpu ? InferenceDevice.SmallOnCpu
                    : null
            );
        }

        Mesh = CanonicalMesh.Parse(Read(catalog.Find("geometry")));
        DetectorSession = Open("detector");
        MeshSession = Open("landmarks");
        EmbeddingSession = Open("embedding");
        Hashes = hashes;
        IReadOnlyDictionary<string, ModelPlace> places = device.Places;
        Keys = new SortedDictionary<string, string>(
            hashes.ToDictionary(
                pair => pair.Key,
                pair => ModelPlace.Key(pair.Value, places.GetValueOrDefault(pair.Key)?.DeviceClass ?? Provider.Cpu.Name)
            ),
            StringComparer.Ordinal
        );
    }

    /// <summary>Model card id to SHA-256 of every file that was loaded.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>
    /// Model card id to what decides the values that the model gives: its hash, and the class of the device that it runs on. The same
    /// keys mean the same frames.
    /// </summary>
    public IReadOnlyDictionary<string, string> Keys { get; }

    /// <summary>The catalogue's further models, for recipes that name them.</summary>
    public ModelSessions Sessions { get; }

    /// <summary><see cref="Hashes"/> with those of further models of the catalogue, which are loaded for it.</summary>
    /// <exception cref="ModelException">One is missing, changed or not a model.</exception>
    public IReadOnlyDictionary<string, string> HashesWith(IEnumerable<string> ids) =>
        With(Hashes, ids, (_, sha256) => sha256);

    /// <summary><see cref="Keys"/> with those of further models of the catalogue, which are loaded for it.</summary>
    /// <exception cref="ModelException">One is missing, changed or not a model.</exception>
    public IReadOnlyDictionary<string, string> KeysWith(IEnumerable<string> ids) =>
        With(
            Keys,
            ids,
            (id, sha256) =>
                ModelPlace.Key(sha256, Device.Places.GetValueOrDefault(id)?.DeviceClass ?? Provider.Cpu.Name)
        );

    /// <summary>Those of <see cref="Keys"/> and of what finds the faces instead of the built-in detector: they decide a sidecar.</summary>
    /// <param name="finding">Null: the built-in detector finds them.</param>
    /// <exception cref="ModelException">One is missing, changed or not a model.</exception>
    public IReadOnlyDictionary<string, string> KeysFor(FaceFinding? finding) =>
        finding is null
            ? Keys
            : KeysWith(
                RecipeModels.Chosen(new Recipe { Processors = [], Finding = finding }, Sessions.Catalog.Licensed)
            );

    /// <summary>Where they run.</summary>
    public InferenceDevice Device { get; }

    public CanonicalMesh Mesh { get; }

    internal InferenceSession DetectorSession { get; }

    internal InferenceSession MeshSession { get; }

    internal InferenceSession EmbeddingSession { get; }

    /// <param name="modelsFolder">The folder with <c>catalog.json</c>.</param>
    /// <param name="device">Where they run; null: on the CPU.</param>
    /// <exception cref="ModelException">A file is missing, changed or not a model, or no device of the choice takes it.</exception>
    public static FaceModels Load(string modelsFolder, InferenceDevice? device = null) =>
        Load(ModelCatalog.Load(modelsFolder), device);

    /// <inheritdoc cref="Load(string, InferenceDevice?)"/>
    /// <param name="catalog">Has a model of each built-in role.</param>
    public static FaceModels Load(ModelCatalog catalog, InferenceDevice? device = null) =>
        new(catalog, device ?? InferenceDevice.OnCpu());

    public void Dispose()
    {
        DetectorSession.Dispose();
        MeshSession.Dispose();
        EmbeddingSession.Dispose();
        Sessions.Dispose();
    }

    private SortedDictionary<string, string> With(
        IReadOnlyDictionary<string, string> builtIn,
        IEnumerable<string> ids,
        Func<string, string, string> value
    )
    {
        SortedDictionary<string, string> all = new(builtIn.ToDictionary(), StringComparer.Ordinal);
        foreach (string id in ids)
        {
            string sha256 = Sessions.HashOf(id);
            all[id] = value(id, sha256);
        }

        return all;
    }
}
