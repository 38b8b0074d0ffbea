namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>The folder that holds the solution and <c>eng/</c>.</summary>
public static class SolutionFolder
{
    /// <exception cref="InvalidOperationException">No folder from here upwards holds the solution.</exception>
    public static string Find(string from)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FaceFusion.Batch.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder from {from} upwards holds FaceFusion.Batch.sln.");
    }
}
