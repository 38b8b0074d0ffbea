using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Faces.Store;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>
/// The one table of models, <c>catalog.json</c> in the models folder. Their files lie beside it or, unless they are built in, in the model
/// store. Bytes are hashed before they are used, and only those are used.
/// </summary>
public sealed class ModelCatalog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _folder;

    /// <param name="folder">Where the cards' files lie.</param>
    /// <param name="cards">The table.</param>
    /// <param name="store">Where files lie that are not in the folder, and where files without a published hash are pinned.</param>
    public ModelCatalog(string folder, IReadOnlyList<ModelCard> cards, ModelStore? store = null)
    {
        _folder = folder;
        Cards = cards;
        Store = store;
    }

    public IReadOnlyList<ModelCard> Cards { get; }

    /// <summary>Null: there is none beside the folder.</summary>
    public ModelStore? Store { get; }

    /// <summary>The table, as far as licences are concerned.</summary>
    public IReadOnlyList<LicensedModel> Licensed => [.. Cards.Select(card => card.ToLicensed())];

    /// <param name="modelsFolder">The folder with <c>catalog.json</c>.</param>
    /// <param name="store">Null: the user's own.</param>
    /// <exception cref="ModelException">The catalogue is missing or cannot be read (<c>model-missing</c>, <c>model-catalog</c>).</exception>
    public static ModelCatalog Load(string modelsFolder, ModelStore? store = null)
    {
        string path = Path.Combine(modelsFolder, "catalog.json");
        byte[] json = ReadFile(path);
        try
        {
            CatalogFile? file = JsonSerializer.Deserialize<CatalogFile>(json, Json);
            if (file is { Models.Count: > 0 })
            {
                return new ModelCatalog(modelsFolder, file.Models, store ?? ModelStore.Default());
            }
        }
        catch (JsonException e)
        {
            throw new ModelException(
                "model-catalog",
                $"The model catalogue {path} is not valid JSON ({e.Message}); restore it from the release.",
                inner: e
            );
        }

        throw new ModelException(
            "model-catalog",
            $"The model catalogue {path} names no model; restore it from the release."
        );
    }

    /// <summary>The card of the built-in model with this role.</summary>
    /// <exception cref="ModelException"><c>model-missing</c>: the catalogue has none.</exception>
    public ModelCard Find(string role) =>
        Cards.FirstOrDefault(card => card.Role == role)
        ?? throw new ModelException(
            "model-missing",
            $"The model catalogue in {_folder} has no model with the role {role}; restore it from the release."
        );

    /// <summary>The card with this id.</summary>
    /// <exception cref="ModelException"><c>model-unknown</c>: the catalogue has none.</exception>
    public ModelCard Card(string id) =>
        Cards.FirstOrDefault(card => card.Id == id)
        ?? throw new ModelException(
            "model-unknown",
            $"The model catalogue has no model {id}; `ffb models list` shows all of them."
        );

    /// <summary>Whether the model could be loaded: it has no file, or its file is here. The file is not looked into.</summary>
    public bool IsHere(ModelCard card) => card.File is null || FindPath(card) is not null;

    /// <summary>The model's bytes, after their SHA-256 was found equal to the card's.</summary>
    /// <exception cref="ModelException"><c>model-missing</c>, <c>model-hash</c>, or what the store says.</exception>
    public byte[] Read(ModelCard card) => Read(card, out _);

    /// <summary>The same, with the hash: of a model without a published one it is what the store pinned.</summary>
    /// <exception cref="ModelException"><c>model-missing</c>, <c>model-hash</c>, or what the store says.</exception>
    public byte[] Read(ModelCard card, out string sha256)
    {
        if (card.File is null || (card.Sha256 is null && Store is null))
        {
            throw new ModelException("model-catalog", $"The model {card.Id} in {_folder} has no file to load.");
        }

        string path = FindPath(card) ?? (card.IsBuiltIn ? Path.Combine(_folder, card.File) : throw NotHere(card));
        byte[] bytes = ReadFile(path);
        if (card.Sha256 is null)
        {
            sha256 = Store!.Require(card, ModelDigest.Of(bytes)).Sha256;
            return bytes;
        }

        sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(sha256, card.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            string cure = card.IsBuiltIn
                ? "restore it from the release."
                : $"`ffb models remove {card.Id}` and fetch it again.";
            throw new ModelException(
                "model-hash",
                $"The model file {path} has SHA-256 {Prefix(sha256)}… but the catalogue expects {Prefix(card.Sha256)}…; "
                    + $"it was changed or damaged: {cure}"
            );
        }

        return bytes;
    }

    /// <summary>Beside the catalogue before the store; null: in neither.</summary>
    private string? FindPath(ModelCard card)
    {
        string beside = Path.Combine(_folder, card.File ?? "");
        return File.Exists(beside) ? beside
            : !card.IsBuiltIn && Store?.Has(card) == true ? Store.PathOf(card)
            : null;
    }

    private static ModelException NotHere(ModelCard card) =>
        new(
            "model-missing",
            $"The model {card.Id} is not on this machine: run `ffb models pull {card.Id}`, or import its file {card.File} with `ffb models import`; in a fleet, `ffb models push {card.Id}` gives it to every worker."
        );

    private static string Prefix(string hash) => hash[..Math.Min(12, hash.Length)];

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (IOException e)
        {
            throw Missing(path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Missing(path, e);
        }
    }

    private static ModelException Missing(string path, Exception e) =>
        new(
            "model-missing",
            $"The model file {path} cannot be read ({e.Message}); restore it from the release.",
            inner: e
        );

    private sealed record CatalogFile(IReadOnlyList<ModelCard> Models);
}
