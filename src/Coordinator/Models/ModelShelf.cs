using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Models;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;

namespace FaceFusion.Batch.Coordinator.Models;

/// <summary>The catalogue of models, for those who read of them; it is the workers who load and check the files.</summary>
public sealed class ModelShelf
{
    private ModelShelf(IReadOnlyList<ApiModel> models)
    {
        Models = models;
        Licences = models.ToDictionary(m => m.Id, m => $"{m.Licence} ({m.LicenceClass ?? "unknown"})");
        Licensed =
        [
            .. models.Select(m => new LicensedModel(
                m.Id,
                m.Role,
                m.Licence,
                LicenceClasses.Of(m.LicenceClass),
                m.Needs
            )),
        ];
    }

    /// <summary>Empty where no folder is named.</summary>
    public IReadOnlyList<ApiModel> Models { get; }

    /// <summary>Model id to licence, with its class.</summary>
    public IReadOnlyDictionary<string, string> Licences { get; }

    /// <summary>The models, as far as licences are concerned.</summary>
    public IReadOnlyList<LicensedModel> Licensed { get; }

    /// <param name="folder">Holds <c>catalog.json</c>; null: there is none to tell of.</param>
    /// <exception cref="ModelException"><c>model-catalog</c>: it cannot be read.</exception>
    public static ModelShelf Open(string? folder)
    {
        if (folder is null)
        {
            return new ModelShelf([]);
        }

        try
        {
            byte[] json = File.ReadAllBytes(Path.Combine(folder, "catalog.json"));
            return new ModelShelf(JsonSerializer.Deserialize<Catalog>(json, JsonSerializerOptions.Web)?.Models ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ModelException(
                "model-catalog",
                "The model catalogue cannot be read; restore it from the release.",
                inner: e
            );
        }
    }

    private sealed record Catalog(IReadOnlyList<ApiModel> Models);
}
