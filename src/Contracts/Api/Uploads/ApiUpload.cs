using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Contracts.Api.Uploads;

/// <summary>What an upload is for.</summary>
public enum UploadFor
{
    Target,
    Source,

    /// <summary>The rows of a batch, as lines of JSON or as CSV.</summary>
    Manifest,
}

/// <summary>Where an upload stands.</summary>
public enum UploadStep
{
    AwaitingBytes,
    Verifying,
    Ready,
    Refused,
}

/// <summary>Asks for an upload.</summary>
public sealed record CreateUpload
{
    /// <summary>For people; it is never a path.</summary>
    public required string FileName { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public required UploadFor Purpose { get; init; }
}

/// <summary>An upload.</summary>
public sealed record ApiUpload
{
    public required string Id { get; init; }
    public required UploadStep State { get; init; }
    public required UploadFor Purpose { get; init; }
    public required string FileName { get; init; }
    public required long SizeBytes { get; init; }
    public required string Sha256 { get; init; }

    /// <summary>You had brought these bytes before, so none are asked for.</summary>
    public bool Deduplicated { get; init; }

    /// <summary>While bytes are awaited: bytes of every block but the last, and how many blocks there are.</summary>
    public int? BlockSizeBytes { get; init; }
    public int? BlockCount { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>Until then blocks are taken.</summary>
    public DateTimeOffset? ExpireTime { get; init; }

    public ApiMedia? Media { get; init; }
    public ApiFailure? Failure { get; init; }
}

/// <summary>What an upload holds.</summary>
public sealed record ApiMedia
{
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>Nominal frames per second, as a fraction; left out for a picture.</summary>
    public string? Fps { get; init; }

    /// <summary>As the container says; left out for a picture.</summary>
    public double? DurationSeconds { get; init; }

    public required int AudioTracks { get; init; }
    public required string Codec { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One block of an upload.</summary>
/// <param name="Number">From 0.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Received">It is there.</param>
/// <param name="Url">Where to PUT it while it is not.</param>
/// <param name="Headers">Header fields to send with it.</param>
public sealed record ApiBlock(
    int Number,
    long SizeBytes,
    bool Received,
    string? Url,
    IReadOnlyDictionary<string, string>? Headers
);

public sealed record ApiBlockList(IReadOnlyList<ApiBlock> Blocks, string? NextPageToken);
