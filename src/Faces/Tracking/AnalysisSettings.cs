using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>What of a recipe decides which faces are found and what is known of each; two recipes with equal settings can share sidecars.</summary>
/// <param name="Landmarks">Meshes, colours and embeddings are wanted, not only boxes.</param>
/// <param name="Thorough">Look at tiles for small faces, and keep a box over a whole detector gap when only one end shows the face.</param>
/// <param name="Rotation">Degrees that a player turns the frames clockwise.</param>
public sealed record AnalysisSettings(
    bool Landmarks,
    bool Thorough,
    int DetectEvery,
    int EmbedEvery,
    double MinScore,
    int Rotation
)
{
    /// <summary>What finds the faces instead of the built-in detector; null: that.</summary>
    public FaceFinding? Finding { get; init; }

    /// <summary>False: the recipe has no step that asks for faces, and none are looked for.</summary>
    public bool Faces { get; init; } = true;

    /// <summary>Raised whenever the same settings and models would find something else.</summary>
    private const int Version = 1;

    public static AnalysisSettings Of(Recipe recipe, int rotation) =>
        new(
            recipe.Processors.Any(step => step is not (RedactStep or UpscaleStep)),
            recipe.Processors.Any(step => step is RedactStep),
            recipe.Tracking.DetectEvery,
            recipe.Tracking.EmbedEvery,
            recipe.Faces.MinScore,
            rotation
        )
        {
            Finding = recipe.Finding,
            Faces = recipe.Processors.Any(step => step is not UpscaleStep),
        };

    /// <summary>Hash (lower-case hex) over these settings and the models: the content of a sidecar is a function of it and the target.</summary>
    /// <param name="modelKeys">Model card id to what decides its values, as <c>FaceModels.Keys</c>.</param>
    public string Key(IReadOnlyDictionary<string, string> modelKeys)
    {
        var text = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Version} {Landmarks} {Thorough} {DetectEvery} {EmbedEvery} {MinScore:R} {Rotation}"
            )
        );
        if (!Faces)
        {
            text.Append(" none");
        }

        if (Finding is not null)
        {
            text.Append('\n').Append(JsonSerializer.Serialize(Finding, JsonSerializerOptions.Web));
        }

        foreach ((string id, string key) in modelKeys.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(id).Append(' ').Append(key);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
