using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>The same request is the same job.</summary>
public static class JobIds
{
    /// <summary>A hash of what decides the result; where the result goes and how urgent it is do not.</summary>
    public static Guid Of(
        JobKind kind,
        string targetSha256,
        IReadOnlyList<StoredSource> sources,
        Recipe recipe,
        int? chunkFrames
    )
    {
        StringBuilder text = new();
        _ = text.Append(kind).Append('\n').Append(targetSha256).Append('\n').Append(chunkFrames).Append('\n');
        foreach (StoredSource source in sources)
        {
            _ = text.Append(source.Name).Append('=').AppendJoin(',', source.PhotoSha256).Append('\n');
        }

        _ = text.Append(RecipeJson.Write(recipe));
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
