using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Devices;

namespace FaceFusion.Batch.Cli.Orders;

/// <summary>What the user ordered, from the arguments; nothing of it has been looked at yet.</summary>
internal sealed record JobOrder
{
    public required string Target { get; init; }
    public required string Output { get; init; }
    public required IReadOnlyList<PhotosOfIdentity> Sources { get; init; }
    public required Recipe Recipe { get; init; }

    /// <summary>Frames of a chunk; null: chosen by length and cores.</summary>
    public int? ChunkFrames { get; init; }

    /// <summary>Chunks in flight; null: by cores.</summary>
    public int? Workers { get; init; }

    /// <summary>The work folder to use and keep; null: a hidden one beside the output that is removed at the end.</summary>
    public string? Work { get; init; }

    /// <summary>Where models run.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;
}

/// <summary>The photos of one identity.</summary>
/// <param name="Name">As the recipe's map calls it; <c>source</c> for <c>--source</c>.</param>
/// <param name="Paths">At least one.</param>
internal sealed record PhotosOfIdentity(string Name, IReadOnlyList<string> Paths);
