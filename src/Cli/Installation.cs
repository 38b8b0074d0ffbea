using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli;

/// <summary>Where the product's own files lie: above the program in a checkout, beside it in a release.</summary>
internal static class Installation
{
    /// <summary>Names another folder of models.</summary>
    public const string ModelsVariable = "FFB_MODELS";

    /// <exception cref="ModelException"><c>model-missing</c>: there is no models folder.</exception>
    public static string ModelsFolder() =>
        Environment.GetEnvironmentVariable(ModelsVariable) is { Length: > 0 } named ? named
        : Find(Path.Combine("models", "catalog.json")) is string catalog ? Path.GetDirectoryName(catalog)!
        : throw new ModelException(
            "model-missing",
            $"The models folder was not found beside or above {AppContext.BaseDirectory}: restore it from the release, or name it in {ModelsVariable}."
        );

    /// <summary>The file of this relative path in the program's folder or the nearest one above it; null if there is none.</summary>
    public static string? Find(string relativePath)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relativePath);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
