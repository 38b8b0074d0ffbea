using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Worker.Scanning;

/// <summary>Local paths of what a scan reads, and of what it writes (the last two).</summary>
public sealed record ScanFiles
{
    public required string Target { get; init; }
    public required string FrameTable { get; init; }
    public required IReadOnlyList<SourcePhotos> Sources { get; init; }
    public required string Scan { get; init; }
    public required string Sheet { get; init; }
}
