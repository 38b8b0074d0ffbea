using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// Hashes that say when two workers make the same frames, and segments that can be joined. The code's part is the module version ids of
/// our assemblies, which a deterministic build derives from their content; the models' part is their hashes and the class of device that
/// each runs on.
/// </summary>
public static class PipelineKeys
{
    /// <summary>Key of what decides a job's segments with the built-in models: the frames, and whether a GPU encodes them.</summary>
    public static string Pipeline(FaceModels models, MediaTools tools) => Pipeline(models.Keys, tools.Encoder?.Kinds);

    /// <summary>Key of everything that decides a job's segments, besides its own inputs. Loads the recipe's models.</summary>
    /// <exception cref="ModelException">One of them is missing, changed or refused.</exception>
    public static string Pipeline(FaceModels models, MediaTools tools, Recipe recipe) =>
        Pipeline(models.KeysWith(RecipeModelsOf(models, recipe)), tools.Encoder?.Kinds);

    /// <summary>Ids of the models beyond the built-in ones that the recipe takes.</summary>
    public static IReadOnlyList<string> RecipeModelsOf(FaceModels models, Recipe recipe)
    {
        ModelCatalog catalog = models.Sessions.Catalog;
        return [.. RecipeModels.Chosen(recipe, catalog.Licensed).Where(id => catalog.Card(id).File is not null)];
    }

    /// <summary>Key of everything that decides a sidecar, besides the target: analysis models, code and settings.</summary>
    /// <param name="rotation">Degrees that a player turns the target clockwise.</param>
    public static string Analysis(FaceModels models, Recipe recipe, int rotation) =>
        Hash([AnalysisSettings.Of(recipe, rotation).Key(models.KeysFor(recipe.Finding)), .. Code()]);

    /// <param name="encoder">What the card's encoder is used for: segments of one that has it and one that has not cannot be joined.</param>
    internal static string Pipeline(IReadOnlyDictionary<string, string> modelKeys, string? encoder) =>
        Hash([
            .. modelKeys.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key} {m.Value}"),
            $"encoder {encoder}",
            .. Code(),
        ]);

    internal static string Analysis(IReadOnlyDictionary<string, string> modelKeys, Recipe recipe, int rotation) =>
        Hash([AnalysisSettings.Of(recipe, rotation).Key(modelKeys), .. Code()]);

    private static IEnumerable<string> Code() =>
        [
            typeof(FaceModels).Module.ModuleVersionId.ToString(),
            typeof(FrameFormat).Module.ModuleVersionId.ToString(),
            typeof(PipelineKeys).Module.ModuleVersionId.ToString(),
        ];

    private static string Hash(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..32];
}
