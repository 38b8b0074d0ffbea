namespace FaceFusion.Batch.Contracts.Api.Webhooks;

/// <summary>Why a webhook is told nothing.</summary>
public enum WebhookStopReason
{
    /// <summary>You have switched it off.</summary>
    Asked,

    /// <summary>Its address has answered 410 Gone.</summary>
    Gone,

    /// <summary>For five days nothing that was sent to it arrived.</summary>
    Failing,
}

/// <summary>An address that is told of events.</summary>
public sealed record ApiWebhook
{
    public required string Id { get; init; }
    public required string Url { get; init; }
    public required IReadOnlyList<string> Events { get; init; }
    public string? Label { get; init; }

    /// <summary>It is told of what happens. What happens while it is not, it is never told of.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Why it is not.</summary>
    public WebhookStopReason? DisableReason { get; init; }
    public DateTimeOffset? DisableTime { get; init; }

    /// <summary>The first failure since the last success; left out while it succeeds.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; init; }

    /// <summary>How many secrets sign: more than one for a while after a rotation.</summary>
    public required int Secrets { get; init; }

    /// <summary>What signs (<c>whsec_…</c>): only in the answer to what made it.</summary>
    public string? Secret { get; init; }
}

public sealed record ApiWebhookList(IReadOnlyList<ApiWebhook> Webhooks, string? NextPageToken);
