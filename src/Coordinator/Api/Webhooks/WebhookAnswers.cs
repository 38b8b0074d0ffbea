using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Webhooks;

namespace FaceFusion.Batch.Coordinator.Api.Webhooks;

/// <summary>Rows of webhooks and deliveries as they are answered.</summary>
internal static class WebhookAnswers
{
    /// <summary>Without its secret.</summary>
    public static ApiWebhook Of(WebhookRow webhook, DateTimeOffset now) =>
        new()
        {
            Id = ApiIds.Write(ApiIds.Webhook, webhook.Id),
            Url = webhook.Url,
            Events = webhook.Events,
            Label = webhook.Label.Length > 0 ? webhook.Label : null,
            Enabled = webhook.StoppedBy is null,
            DisableReason = (WebhookStopReason?)webhook.StoppedBy,
            DisableTime = webhook.StoppedAt,
            FailingSince = webhook.FailingSince,
            CreateTime = webhook.CreatedAt,
            UpdateTime = webhook.UpdatedAt,
            Secrets = WebhookSecret.Signing(webhook, now).Count,
        };

    /// <summary>As in a list.</summary>
    public static ApiDelivery Of(WebhookDeliveryRow delivery) =>
        new()
        {
            Id = ApiIds.Write(ApiIds.Delivery, delivery.Id),
            Webhook = ApiIds.Write(ApiIds.Webhook, delivery.WebhookId),
            Type = delivery.Type,
            State = (DeliveryStep)delivery.State,
            CreateTime = delivery.CreatedAt,
            EndTime = delivery.EndedAt,
            NextAttemptTime = delivery.DueAt,
            AttemptCount = delivery.Attempts,
            LastStatus = delivery.LastStatus,
            LastError = delivery.LastError,
        };

    public static ApiDelivery Of(WebhookDeliveryRow delivery, IReadOnlyList<WebhookAttemptRow> attempts) =>
        Of(delivery) with
        {
            Body = delivery.Body,
            Attempts =
            [
                .. attempts.Select(a => new ApiDeliveryAttempt
                {
                    Number = a.Number,
                    Time = a.At,
                    Milliseconds = a.Milliseconds,
                    Status = a.Status,
                    Error = a.Error,
                    Answer = a.Answer,
                }),
            ],
        };
}
