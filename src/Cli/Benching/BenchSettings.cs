using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Benching;
using FaceFusion.Batch.Faces.Devices;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>What is measured.</summary>
internal sealed record BenchSettings
{
    public required BenchNetworkKind Networks { get; init; }
    public required IReadOnlyList<BenchSize> Sizes { get; init; }
    public required int Frames { get; init; }

    /// <summary>Null: frames are thrown away where they would be encoded.</summary>
    public required string? Preset { get; init; }

    /// <summary>Chunks at a time.</summary>
    public required int Workers { get; init; }

    /// <summary>Frames of a chunk; null: as a fleet that knows nothing of its speed cuts them.</summary>
    public required int? ChunkFrames { get; init; }

    /// <summary>Each figure is the median of so many.</summary>
    public required int Repeat { get; init; }

    /// <summary>Neither stages alone nor the pipe.</summary>
    public bool WholeOnly { get; init; }

    public required DeviceChoice Device { get; init; }

    /// <summary>The swapper of a benchmark, or the mesh fuser of the built-in pack.</summary>
    public Recipe Recipe =>
        new()
        {
            Processors =
            [
                new SwapStep { Model = Networks == BenchNetworkKind.BuiltIn ? SwapStep.Mesh : BenchNetworks.SwapperId },
            ],
            Encode = new EncodeSettings { Encoder = "libx264", Preset = Preset ?? "ultrafast" },
        };
}

/// <summary>Size of a clip in pixels.</summary>
internal sealed record BenchSize(string Name, int Width, int Height)
{
    public static IReadOnlyList<BenchSize> All { get; } =
    [new("360p", 640, 360), new("720p", 1280, 720), new("1080p", 1920, 1080)];
}
