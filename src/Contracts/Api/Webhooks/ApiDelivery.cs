namespace FaceFusion.Batch.Contracts.Api.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryStep
{
    /// <summary>It is sent, for the first time or again, when <c>nextAttemptTime</c> has come.</summary>
    Pending,

    /// <summary>It was answered with 2xx.</summary>
    Delivered,

    /// <summary>It is not sent any more, unless it is replayed.</summary>
    Failed,
}

/// <summary>One event for one webhook.</summary>
public sealed record ApiDelivery
{
    /// <summary>Also the header field <c>webhook-id</c> of each attempt.</summary>
    public required string Id { get; init; }
    public required string Webhook { get; init; }
    public required string Type { get; init; }
    public required DeliveryStep State { get; init; }
    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>While it is pending.</summary>
    public DateTimeOffset? NextAttemptTime { get; init; }

    /// <summary>Attempts begun.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>HTTP status that the last one was answered with.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why it had none: a code as in <see cref="ApiDeliveryAttempt.Error"/>.</summary>
    public string? LastError { get; init; }

    /// <summary>What is sent, byte for byte; left out in lists.</summary>
    public string? Body { get; init; }

    /// <summary>The newest 100, the oldest of them first; left out in lists.</summary>
    public IReadOnlyList<ApiDeliveryAttempt>? Attempts { get; init; }
}

/// <summary>One request to the webhook's address. One that was cut off by the end of its process is not told of.</summary>
public sealed record ApiDeliveryAttempt
{
    public required int Number { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required int Milliseconds { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>
    /// Why there was none: <c>address-refused</c> (the name leads to no address that may be told), <c>connection-failed</c>,
    /// <c>tls-failed</c>, <c>timeout</c> or <c>answer-malformed</c>.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The first 1024 bytes of the answer's body.</summary>
    public string? Answer { get; init; }
}

public sealed record ApiDeliveryList(IReadOnlyList<ApiDelivery> Deliveries, string? NextPageToken);
