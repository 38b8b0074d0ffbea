using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>One finished chunk.</summary>
/// <param name="Path">Local path of the segment.</param>
/// <param name="HeaderSha256">The encoder's header as the worker reported it; null: not known.</param>
public sealed record JoinSegment(FrameRange Range, string Path, string? HeaderSha256 = null);

/// <summary>What to join into which file.</summary>
public sealed record JoinOrder
{
    /// <summary>Local path of the target; sound, subtitles, chapters and metadata come from it.</summary>
    public required string Target { get; init; }

    /// <summary>The target as it was probed when its frame table was made.</summary>
    public required ProbedVideo Video { get; init; }

    public required FrameTable Table { get; init; }

    /// <summary>Width and height of the result over those of the target.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>In frame order, without gaps, over the whole table.</summary>
    public required IReadOnlyList<JoinSegment> Segments { get; init; }

    /// <summary>
    /// Path of the result; its extension decides the container, and without one it gets that of the first container that holds the whole
    /// target. Appears only when it is whole and verified.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>Existing folder for small files; what is put there is deleted again.</summary>
    public required string ScratchFolder { get; init; }
}
