using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>Local paths of what a chunk is made from, and of what it writes (the last three).</summary>
public sealed record ChunkFiles
{
    public required string Target { get; init; }
    public required string FrameTable { get; init; }
    public required string Scan { get; init; }
    public required IReadOnlyList<SourcePhotos> Sources { get; init; }
    public required IReadOnlyList<SidecarFile> Sidecars { get; init; }
    public required string Segment { get; init; }
    public required string Sidecar { get; init; }
    public required string Report { get; init; }

    /// <summary>False: frames are thrown away where they would be encoded, and there is no segment; for benchmarks.</summary>
    public bool IsEncoded { get; init; } = true;
}

/// <summary>An identity's photos as verified local files.</summary>
/// <param name="Name">Name of the <see cref="SourceIdentity"/>.</param>
/// <param name="Paths">One file per photo.</param>
/// <param name="Sha256">Lower-case hex of each photo's bytes, in the same order.</param>
public sealed record SourcePhotos(string Name, IReadOnlyList<string> Paths, IReadOnlyList<string> Sha256);

/// <summary>A sidecar of the same target as a local file.</summary>
public sealed record SidecarFile(FrameRange Range, string Path);
