namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>To be sent when it is due, for the first time or again.</summary>
    Pending,

    /// <summary>The address has taken it.</summary>
    Delivered,

    /// <summary>It is not sent any more, unless somebody asks for it.</summary>
    Failed,
}

/// <summary>
/// One event on its way to one webhook, written in the transaction in which it happened. Who sends it takes it by raising
/// <see cref="Attempts"/>, which is the fencing token, and by moving <see cref="DueAt"/> to where its lease ends: if nothing more is
/// heard of it, it is simply due again.
/// </summary>
public sealed class WebhookDeliveryRow
{
    /// <summary>With its prefix, the header field <c>webhook-id</c> of every attempt.</summary>
    public Guid Id { get; set; }
    public Guid WebhookId { get; set; }
    public required string TenantId { get; set; }
    public required string Type { get; set; }

    /// <summary>JSON, as it is sent each time.</summary>
    public required string Body { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DeliveryState State { get; set; }

    /// <summary>Attempts begun.</summary>
    public int Attempts { get; set; }

    /// <summary>Of these, the ones before it was last asked for by hand: the schedule begins behind them.</summary>
    public int AttemptsBefore { get; set; }

    /// <summary>Null: it is not pending.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When it stopped being pending.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>HTTP status of the last attempt that is known of; null: none, or it had no answer.</summary>
    public int? LastStatus { get; set; }

    /// <summary>Why it had none.</summary>
    public string? LastError { get; set; }
}

/// <summary>What came of one attempt. One whose sender died leaves none.</summary>
public sealed class WebhookAttemptRow
{
    public Guid DeliveryId { get; set; }

    /// <summary>From 1.</summary>
    public int Number { get; set; }
    public DateTimeOffset At { get; set; }
    public int Milliseconds { get; set; }

    /// <summary>HTTP status; null: there was no answer.</summary>
    public int? Status { get; set; }

    /// <summary>A stable code; null: there was an answer.</summary>
    public string? Error { get; set; }

    /// <summary>The first of what was answered, up to 1024 bytes.</summary>
    public string? Answer { get; set; }
}
