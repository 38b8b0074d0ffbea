namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Why a webhook is told nothing.</summary>
public enum WebhookStop
{
    /// <summary>Its tenant has switched it off.</summary>
    Asked,

    /// <summary>Its address has answered 410.</summary>
    Gone,

    /// <summary>For days nothing that was sent to it arrived.</summary>
    Failing,
}

/// <summary>An address of a tenant that is told of events.</summary>
public sealed class WebhookRow
{
    public Guid Id { get; set; }
    public required string TenantId { get; set; }

    /// <summary>May hold a token of the tenant's in its query: never in a log.</summary>
    public required string Url { get; set; }

    /// <summary>The types that it is told of.</summary>
    public required IReadOnlyList<string> Events { get; set; }

    /// <summary>For people; empty: none.</summary>
    public string Label { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When <see cref="Version"/> last went up.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Goes up with every change that users can see.</summary>
    public long Version { get; set; }

    /// <summary>Null: it is told.</summary>
    public WebhookStop? StoppedBy { get; set; }
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>The first failure since the last success; null: there is none.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Signs what is sent, <c>whsec_…</c>. It must be had back, so no hash of it would do; never in an answer nor a log.</summary>
    public required string Secret { get; set; }

    /// <summary>The request that made the secret: repeated it shows the secret again, as long as that is this one.</summary>
    public Guid SecretId { get; set; }

    /// <summary>Earlier secrets that go on signing beside it for a while.</summary>
    public IReadOnlyList<RetiredSecret> Retired { get; set; } = [];
}

/// <summary>A secret that is replaced.</summary>
/// <param name="Secret">Likewise.</param>
/// <param name="Until">When it signs no more.</param>
public sealed record RetiredSecret(string Secret, DateTimeOffset Until);
