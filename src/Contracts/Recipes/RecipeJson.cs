using System.Text.Json;
using System.Text.Json.Serialization;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>The one way a recipe is read and written: camelCase, comments allowed, unknown fields refused by name.</summary>
public static class RecipeJson
{
    /// <summary>Settings shared by every JSON document of the project that users write.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            NumberHandling = JsonNumberHandling.Strict,
        };

    /// <exception cref="InvalidRecipeException">Not JSON, an unknown field, or a value out of range; the message names it.</exception>
    public static Recipe Parse(string json)
    {
        Recipe? recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<Recipe>(json, Options);
        }
        catch (JsonException e)
        {
            // The library speaks of .NET types where a user wants to know the place.
            string place = (e.Path ?? "$").Replace("$.", "", StringComparison.Ordinal);
            const string Lacks = "missing required properties including: ";
            int lacking = e.Message.IndexOf(Lacks, StringComparison.Ordinal);
            string what = lacking switch
            {
                >= 0 => $"The recipe lacks {e.Message[(lacking + Lacks.Length)..].Split('.')[0]} ({place})",
                _ when e.Message.Contains("could not be mapped", StringComparison.Ordinal) =>
                    $"The recipe has an unknown field, {place}",
                _ => $"The recipe cannot be understood in line {(e.LineNumber ?? 0) + 1} ({place})",
            };
            throw new InvalidRecipeException("recipe-json", $"{what}: docs/recipes.md shows every field.");
        }

        if (recipe is null)
        {
            throw new InvalidRecipeException("recipe-json", "The recipe is empty. Give it at least one processor.");
        }

        RecipeRules.Check(recipe);
        return recipe;
    }

    public static string Write(Recipe recipe) => JsonSerializer.Serialize(recipe, Options);
}
