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
            throw new InvalidRecipeException(
                "recipe-json",
                $"The recipe is not valid at {e.Path ?? "$"}: {e.Message} `ffb fuse --help` lists the fields."
            );
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
