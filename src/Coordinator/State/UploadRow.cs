using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Where an upload stands.</summary>
public enum UploadState
{
    /// <summary>Blocks may be put.</summary>
    AwaitingBytes,

    /// <summary>Its bytes are being put together, hashed and looked into.</summary>
    Verifying,

    /// <summary>Jobs may use it.</summary>
    Ready,

    /// <summary>Its bytes are not what was declared, or of no use.</summary>
    Refused,
}

/// <summary>What an upload is for.</summary>
public enum UploadPurpose
{
    Target,
    Source,
    Manifest,
}

/// <summary>Bytes on their way from a tenant into the store. Afterwards: who may use them.</summary>
public sealed class UploadRow
{
    public Guid Id { get; set; }
    public required string TenantId { get; set; }
    public UploadState State { get; set; }
    public UploadPurpose Purpose { get; set; }

    /// <summary>The user's name for it. Shown, and never part of a path.</summary>
    public required string FileName { get; set; }

    public long Bytes { get; set; }

    /// <summary>As the user declared it; of a ready upload it is true.</summary>
    public required string Sha256 { get; set; }

    /// <summary>Bytes of every block but the last.</summary>
    public int BlockBytes { get; set; }

    /// <summary>The tenant had these bytes already, so none were asked for.</summary>
    public bool IsDeduplicated { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until then blocks are taken.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Fencing token of the check in hand.</summary>
    public int Attempt { get; set; }

    /// <summary>When the check in hand is taken for lost.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>What a ready upload holds.</summary>
    public UploadedMedia? Media { get; set; }

    /// <summary>Why it was refused.</summary>
    public Failure? Failure { get; set; }
}

/// <summary>What a look into an upload found.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="IsStill">A picture: one frame, no time.</param>
/// <param name="FrameRate">Nominal, as a fraction.</param>
/// <param name="DurationSeconds">As the container says; 0 where it does not.</param>
/// <param name="AudioTracks">Streams of sound.</param>
/// <param name="Codec">ffprobe's name.</param>
/// <param name="Warnings">One sentence for each thing that a result will not have.</param>
public sealed record UploadedMedia(
    int Width,
    int Height,
    bool IsStill,
    Rational FrameRate,
    double DurationSeconds,
    int AudioTracks,
    string Codec,
    IReadOnlyList<string> Warnings
);
