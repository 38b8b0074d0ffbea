using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>What a job is for.</summary>
public enum JobKind
{
    /// <summary>The whole way: prepare, scan, gates, fuse, assemble.</summary>
    Fuse,

    /// <summary>Ends after the scan, with the people found and their contact sheet.</summary>
    Scan,
}

/// <summary>
/// One job. The row is the truth: every change is an UPDATE that names the state and attempt it starts from,
/// and only the one that changes a row has happened.
/// </summary>
public sealed class JobRow
{
    public Guid Id { get; set; }
    public JobKind Kind { get; set; }
    public JobState State { get; set; }

    /// <summary>Fencing token of the stage in hand; goes up whenever a stage is started or started again.</summary>
    public int Attempt { get; set; }

    /// <summary>Part of the names of what this attempt writes.</summary>
    public Guid Delivery { get; set; }

    /// <summary>When the stage in hand is taken from whoever holds it; null: nobody holds it, it is owed.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Who works on the stage; null until an order has arrived.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>The Coordinator process that gave the lease.</summary>
    public Guid Incarnation { get; set; }

    /// <summary>Failures of the stage in hand that a retry may cure.</summary>
    public int StageFailures { get; set; }

    /// <summary>The result is being put in its place: too late to cancel.</summary>
    public bool Publishing { get; set; }

    /// <summary>Left over from an earlier process and not asked for in this one: nothing is done for it until it is submitted again.</summary>
    public bool IsParked { get; set; }

    /// <summary>Whose job it is; <see cref="Tenants.Local"/> where nobody is asked who he is.</summary>
    public string TenantId { get; set; } = Tenants.Local;

    /// <summary>Goes up with every change of the row, and with every change of a chunk that users can see.</summary>
    public long Version { get; set; }

    /// <summary>When <see cref="Version"/> last went up.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Null: not paused. Of a paused job nothing new is released; what runs may finish.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Why the user cancelled it, in his words.</summary>
    public string? CancelReason { get; set; }

    /// <summary>The user's own marks: a line <c>key=value</c> for each, in order of the keys, and an empty line before them.</summary>
    public string Labels { get; set; } = "";

    /// <summary>The upload that the target came by; null for a local file.</summary>
    public Guid? TargetUploadId { get; set; }

    /// <summary>Where it was asked for, as a <c>traceparent</c>: what is done for it belongs to that trace. Null: nobody traced.</summary>
    public string? TraceParent { get; set; }

    /// <summary>The batch that made it; null: it was submitted by itself.</summary>
    public Guid? BatchId { get; set; }

    /// <summary>The id of its row there; no other job of the tenant has the same.</summary>
    public string? RowKey { get; set; }

    /// <summary>By <see cref="Submitting.JobIds"/>, of what that row asked for.</summary>
    public Guid? RowFingerprint { get; set; }

    public int Priority { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Start of the newest run; a resumed job counts from when it was taken up again.</summary>
    public DateTimeOffset RunStartedAt { get; set; }

    /// <summary>When the newest run began to fuse.</summary>
    public DateTimeOffset? FusingSince { get; set; }

    /// <summary>Frames that were already fused then.</summary>
    public int FramesAtFusingStart { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What losing attempts left in the store is deleted.</summary>
    public bool IsCollected { get; set; }

    public required string TargetLabel { get; set; }
    public required string TargetSha256 { get; set; }

    /// <summary>Where the result goes, an absolute path; null: into the blob store.</summary>
    public string? OutputPath { get; set; }

    public required Recipe Recipe { get; set; }
    public required IReadOnlyList<StoredSource> Sources { get; set; }

    /// <summary>What the result is for, as it was declared with the job; the installation may have declared more.</summary>
    public LicenceUsage Usage { get; set; }

    /// <summary>Chunk length asked for, in frames; null: chosen by the length of the target.</summary>
    public int? ChunkFrames { get; set; }

    public VideoFormat? Format { get; set; }
    public int FrameCount { get; set; }
    public string? FrameTableBlob { get; set; }

    /// <summary>A scan saw other frames than the packets promise: preparing decodes the whole target.</summary>
    public bool DistrustsPackets { get; set; }
    public string? ScanBlob { get; set; }
    public string? SheetBlob { get; set; }
    public int ScanFramesDone { get; set; }
    public string? PipelineKey { get; set; }

    /// <summary>Of the worker that scanned, which every chunk is fused by; null: not scanned yet, or by a worker that did not say.</summary>
    public string? Build { get; set; }
    public string? AnalysisKey { get; set; }
    public IReadOnlyDictionary<string, string> Models { get; set; } = new Dictionary<string, string>();
    public IReadOnlyList<GateVerdict> Gates { get; set; } = [];
    public IReadOnlyList<string> Warnings { get; set; } = [];
    public IReadOnlyDictionary<string, double> StageMilliseconds { get; set; } = new Dictionary<string, double>();
    public Failure? Failure { get; set; }
    public string? ResultSha256 { get; set; }
    public string? ResultBlob { get; set; }
    public string? ReportBlob { get; set; }

    /// <summary>The CPU times of the stages so far, and one more.</summary>
    public IReadOnlyDictionary<string, double> StageMillisecondsWith(string stage, double milliseconds) =>
        new Dictionary<string, double>(StageMilliseconds) { [stage] = milliseconds };
}

/// <summary>An identity's photos as blobs, by the SHA-256 of their bytes.</summary>
public sealed record StoredSource(string Name, IReadOnlyList<string> PhotoSha256);
