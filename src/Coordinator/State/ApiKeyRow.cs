namespace FaceFusion.Batch.Coordinator.State;

/// <summary>A key to the HTTP API. Of its secret only a hash is kept.</summary>
public sealed class ApiKeyRow
{
    public Guid Id { get; set; }
    public required string TenantId { get; set; }

    /// <summary>For people, to tell keys apart.</summary>
    public required string Name { get; set; }

    /// <summary>Lower-case hex of the secret's 256 random bits, hashed.</summary>
    public required string SecretSha256 { get; set; }

    /// <summary>What it allows, parted by spaces.</summary>
    public required string Scopes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}
