using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Orders;

/// <summary>Reads <c>--recipe</c>.</summary>
internal static class RecipeFile
{
    private const long LargestBytes = 1 << 20;

    /// <summary>The recipe in the file, or a plain swap where none is given.</summary>
    /// <exception cref="InvalidRecipeException">The file is missing or not a recipe; the message names the field.</exception>
    public static Recipe ReadOrDefault(string? path)
    {
        if (path is null)
        {
            return new Recipe { Processors = [new SwapStep()] };
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new InvalidRecipeException("recipe-missing", $"The recipe {path} does not exist.");
        }

        if (file.Length > LargestBytes)
        {
            throw new InvalidRecipeException(
                "recipe-json",
                $"The recipe {path} is larger than a recipe can be (1 MiB)."
            );
        }

        return RecipeJson.Parse(File.ReadAllText(path));
    }
}
