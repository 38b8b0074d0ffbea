namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// A request that must not have its effect twice, and the answer to it. Tenant and key are unique in the database, so two
/// processes cannot both begin.
/// </summary>
public sealed class IdempotencyRow
{
    public required string TenantId { get; set; }

    /// <summary>As the client chose it.</summary>
    public required string Key { get; set; }

    /// <summary>SHA-256 of method, path and body.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>The id of what the request makes: whoever takes over from a process that died makes the same.</summary>
    public Guid MadeId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until then the request counts as in flight while there is no answer.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>HTTP status of the answer; null: none yet.</summary>
    public int? Status { get; set; }

    /// <summary>Its body, JSON.</summary>
    public string? Body { get; set; }

    /// <summary>Its header fields that matter: Location, ETag.</summary>
    public string? Location { get; set; }
    public string? ETag { get; set; }
}
