using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Hosting.Tracing;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>A job whose bytes are all in the store.</summary>
public sealed record JobDraft
{
    public required Guid Id { get; init; }
    public required string TenantId { get; init; }
    public JobKind Kind { get; init; } = JobKind.Fuse;
    public required string TargetLabel { get; init; }
    public required string TargetSha256 { get; init; }
    public Guid? TargetUploadId { get; init; }
    public required IReadOnlyList<StoredSource> Sources { get; init; }
    public required Recipe Recipe { get; init; }

    /// <summary>Where the result goes; null: into the blob store.</summary>
    public string? OutputPath { get; init; }

    public int? ChunkFrames { get; init; }

    /// <summary>As <see cref="JobRow.Usage"/>.</summary>
    public LicenceUsage Usage { get; init; }
    public int Priority { get; init; }

    /// <summary>As <see cref="JobRow.Labels"/>.</summary>
    public string Labels { get; init; } = "";

    /// <summary>As <see cref="JobRow.BatchId"/>, <see cref="JobRow.RowKey"/> and <see cref="JobRow.RowFingerprint"/>.</summary>
    public Guid? BatchId { get; init; }
    public string? RowKey { get; init; }
    public Guid? RowFingerprint { get; init; }

    public JobRow ToRow(DateTimeOffset now) =>
        new()
        {
            Id = Id,
            TenantId = TenantId,
            Kind = Kind,
            Priority = Priority,
            Labels = Labels,
            CreatedAt = now,
            UpdatedAt = now,
            RunStartedAt = now,
            TargetLabel = TargetLabel,
            TargetSha256 = TargetSha256,
            TargetUploadId = TargetUploadId,
            OutputPath = OutputPath,
            Recipe = Recipe,
            Sources = Sources,
            ChunkFrames = ChunkFrames,
            Usage = Usage,
            TraceParent = FleetTrace.Here,
            BatchId = BatchId,
            RowKey = RowKey,
            RowFingerprint = RowFingerprint,
        };
}
