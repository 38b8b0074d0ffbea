using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>The one table of models, <c>catalog.json</c> in the models folder. Bytes are hashed before they are used, and only those are used.</summary>
public sealed class ModelCatalog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _folder;

    /// <param name="folder">Where the cards' files lie.</param>
    /// <param name="cards">The table.</param>
    public ModelCatalog(string folder, IReadOnlyList<ModelCard> cards)
    {
        _folder = folder;
        Cards = cards;
    }

    public IReadOnlyList<ModelCard> Cards { get; }

    /// <exception cref="ModelException">The catalogue is missing or cannot be read (<c>model-missing</c>, <c>model-catalog</c>).</exception>
    public static ModelCatalog Load(string modelsFolder)
    {
        string path = Path.Combine(modelsFolder, "catalog.json");
        byte[] json = ReadFile(path);
        try
        {
            CatalogFile? file = JsonSerializer.Deserialize<CatalogFile>(json, Json);
            if (file is { Models.Count: > 0 })
            {
                return new ModelCatalog(modelsFolder, file.Models);
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

    /// <summary>The model's bytes, after their SHA-256 was found equal to the card's.</summary>
    /// <exception cref="ModelException"><c>model-missing</c> or <c>model-hash</c>.</exception>
    public byte[] Read(ModelCard card)
    {
        if (card.File is null || card.Sha256 is null)
        {
            throw new ModelException("model-catalog", $"The model {card.Id} in {_folder} has no file to load.");
        }

        string path = Path.Combine(_folder, card.File);
        byte[] bytes = ReadFile(path);
        string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(found, card.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelException(
                "model-hash",
                $"The model file {path} has SHA-256 {Prefix(found)}… but the catalogue expects {Prefix(card.Sha256)}…; "
                    + "it was changed or damaged: restore it from the release."
            );
        }

        return bytes;
    }

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
