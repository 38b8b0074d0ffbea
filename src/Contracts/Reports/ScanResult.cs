using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Reports;

/// <summary>Who is in the target, most prominent first, and who of them is meant.</summary>
public sealed record ScanResult
{
    public int SchemaVersion { get; init; } = 1;
    public required int FramesScanned { get; init; }
    public required IReadOnlyList<Person> People { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Width and height of the result over those of the target: 1, 2, 4 or 8, as the recipe's model enlarges.</summary>
    public int OutputScale { get; init; } = 1;
}

/// <summary>One cluster of embeddings.</summary>
public sealed record Person
{
    /// <summary>From 1, most prominent first; the number on the contact sheet and in <c>--map</c>.</summary>
    public required int Number { get; init; }

    /// <summary>Unit-length mean embedding, 192 values.</summary>
    public required float[] Embedding { get; init; }

    /// <summary>Sightings over the scanned frames.</summary>
    public required int Sightings { get; init; }

    /// <summary>Mean share of the picture's height that the face box takes, 0 to 1.</summary>
    public required double Size { get; init; }

    /// <summary>The sharpest, most frontal sighting.</summary>
    public required int BestFrame { get; init; }

    /// <summary>First and last scanned frame in which the person was seen.</summary>
    public required FrameRange Seen { get; init; }

    /// <summary>What a classifier takes the person for over several sightings; null: the recipe does not ask.</summary>
    public FaceAttributes? Attributes { get; init; }

    /// <summary>The recipe means this person: steps that change faces change theirs.</summary>
    public bool IsMeant { get; init; }

    /// <summary>Name of the <see cref="SourceIdentity"/> put on this person; null: left alone.</summary>
    public string? Identity { get; init; }
}
