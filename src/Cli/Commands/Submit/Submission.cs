using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands.Submit;

/// <summary>What the user wants a fleet to do, with files of this machine.</summary>
internal sealed record Submission
{
    public required string Target { get; init; }
    public required IReadOnlyList<PhotosOfIdentity> Photos { get; init; }
    public required Recipe Recipe { get; init; }

    /// <summary>0 to 100; null: the fleet's own.</summary>
    public int? Priority { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What the result is for.</summary>
    public LicenceUsage Usage { get; init; }

    /// <summary>Frames of a chunk; null: the fleet chooses.</summary>
    public int? ChunkFrames { get; init; }

    /// <summary>Null: each run of the command makes a job.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Before anything is sent.</summary>
    /// <exception cref="FusionException"><c>video-missing</c>, <c>source-missing</c>.</exception>
    public void RequireFiles()
    {
        if (!File.Exists(Target))
        {
            throw new InvalidVideoException(
                "video-missing",
                $"There is no file {Target}: check the path of the target."
            );
        }

        if (Photos.SelectMany(p => p.Paths).FirstOrDefault(path => !File.Exists(path)) is { } photo)
        {
            throw new InvalidRecipeException("source-missing", $"There is no photo {photo}: check the path.");
        }
    }
}
