namespace FaceFusion.Batch.Coordinator.State;

/// <summary>An identity that a tenant's jobs may put on people.</summary>
public sealed class SourceRow
{
    public Guid Id { get; set; }
    public required string TenantId { get; set; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; set; }

    /// <summary>The uploads of its photos.</summary>
    public required IReadOnlyList<Guid> UploadIds { get; set; }

    /// <summary>SHA-256 of the photos, in the order of the uploads.</summary>
    public required IReadOnlyList<string> PhotoSha256 { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
