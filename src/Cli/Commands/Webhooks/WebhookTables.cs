using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Webhooks;

/// <summary>Webhooks and deliveries for people to read.</summary>
internal static class WebhookTables
{
    public static string StateOf(ApiWebhook webhook) =>
        webhook.Enabled
            ? webhook.FailingSince is null
                ? "enabled"
                : "failing"
            : webhook.DisableReason is { } reason && reason != WebhookStopReason.Asked
                ? $"disabled ({JobTables.NameOf(reason)})"
                : "disabled";

    public static void PrintList(Terminal terminal, IReadOnlyList<ApiWebhook> webhooks)
    {
        if (webhooks.Count == 0)
        {
            terminal.Note("No webhooks.");
            return;
        }

        RowTable table = new("WEBHOOK", "STATE", "EVENTS", "LABEL", "URL");
        foreach (ApiWebhook webhook in webhooks)
        {
            table.Add(
                [
                    webhook.Id,
                    StateOf(webhook),
                    Printable.Of(string.Join(' ', webhook.Events)),
                    Printable.Of(webhook.Label ?? ""),
                    Printable.Of(webhook.Url),
                ],
                !webhook.Enabled ? Color.Red
                    : webhook.FailingSince is not null ? Color.Yellow
                    : Color.Green
            );
        }

        table.WriteTo(terminal);
    }

    public static void PrintOne(Terminal terminal, ApiWebhook webhook)
    {
        FactTable table = new();
        table.Add("webhook", webhook.Id);
        table.Add("state", StateOf(webhook));
        table.Add("url", Printable.Of(webhook.Url));
        table.Add("events", Printable.Of(string.Join(", ", webhook.Events)));
        AddTime(table, "disabled", webhook.DisableTime);
        AddTime(table, "failing since", webhook.FailingSince);
        if (webhook.Label is { } label)
        {
            table.Add("label", Printable.Of(label));
        }

        table.Add("secrets", webhook.Secrets == 1 ? "1" : $"{webhook.Secrets}: earlier ones still sign for a while");
        AddTime(table, "created", webhook.CreateTime);
        table.WriteTo(terminal);
    }

    public static void PrintList(Terminal terminal, IReadOnlyList<ApiDelivery> deliveries)
    {
        if (deliveries.Count == 0)
        {
            terminal.Note("No deliveries.");
            return;
        }

        RowTable table = new("DELIVERY", "STATE", "EVENT", "CREATED", "ATTEMPTS", "ANSWER", "NEXT ATTEMPT");
        foreach (ApiDelivery delivery in deliveries)
        {
            table.Add(
                [
                    delivery.Id,
                    JobTables.NameOf(delivery.State),
                    Printable.Of(delivery.Type),
                    JobTables.Time(delivery.CreateTime),
                    $"{delivery.AttemptCount}",
                    AnswerOf(delivery.LastStatus, delivery.LastError),
                    delivery.NextAttemptTime is { } next ? JobTables.Time(next) : "",
                ],
                delivery.State switch
                {
                    DeliveryStep.Delivered => Color.Green,
                    DeliveryStep.Failed => Color.Red,
                    _ => Color.Aqua,
                }
            );
        }

        table.WriteTo(terminal);
    }

    public static void PrintOne(Terminal terminal, ApiDelivery delivery)
    {
        FactTable table = new();
        table.Add("delivery", delivery.Id);
        table.Add("state", JobTables.NameOf(delivery.State));
        table.Add("event", Printable.Of(delivery.Type));
        AddTime(table, "created", delivery.CreateTime);
        AddTime(table, "next attempt", delivery.NextAttemptTime);
        AddTime(table, "ended", delivery.EndTime);
        foreach (ApiDeliveryAttempt attempt in delivery.Attempts ?? [])
        {
            string answer = AnswerOf(attempt.Status, attempt.Error);
            table.Add(
                $"attempt {attempt.Number}",
                $"{JobTables.Time(attempt.Time)}  {answer} after {attempt.Milliseconds} ms  {Printable.Of(attempt.Answer ?? "")}"
            );
        }

        table.Add("body", Printable.Of(delivery.Body ?? ""));
        table.WriteTo(terminal);
    }

    private static string AnswerOf(int? status, string? error) => Printable.Of(error ?? $"{status}");

    private static void AddTime(FactTable table, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            table.Add(name, JobTables.Time(at));
        }
    }
}
