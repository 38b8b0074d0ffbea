using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>Kinds of streams in a container.</summary>
public enum StreamKind
{
    Video,
    Audio,
    Subtitle,
    Attachment,
    Other,
}

/// <summary>One stream of the target.</summary>
/// <param name="Index">Number in the container, from 0.</param>
/// <param name="Codec">ffprobe's codec name; <c>unknown</c> where there is none.</param>
/// <param name="IsPicture">A cover or thumbnail that travels as a video stream.</param>
/// <param name="TimeBase">Seconds per tick of its timestamps.</param>
/// <param name="Tags">Language, title, handler and such, as the container has them.</param>
public sealed record ProbedStream(
    int Index,
    StreamKind Kind,
    string Codec,
    bool IsPicture,
    Rational TimeBase,
    IReadOnlyDictionary<string, string> Tags
);

/// <summary>What a first look at the target tells, and what of it cannot be kept.</summary>
public sealed record ProbedVideo
{
    public required VideoFormat Format { get; init; }

    /// <summary>Index of the stream whose frames are fused: the first that is not a cover.</summary>
    public required int VideoStream { get; init; }

    public required IReadOnlyList<ProbedStream> Streams { get; init; }

    public required int Chapters { get; init; }

    /// <summary>As the container says; 0 where it does not say. For display only.</summary>
    public required double DurationSeconds { get; init; }

    public required long Bytes { get; init; }

    /// <summary>One sentence for each thing that the result will not have, or will have otherwise.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
