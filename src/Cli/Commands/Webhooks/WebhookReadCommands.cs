using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Api.Webhooks;

namespace FaceFusion.Batch.Cli.Commands.Webhooks;

/// <summary>What reads webhooks and what was sent to them.</summary>
internal static class WebhookReadCommands
{
    private const int MostDeliveries = 10_000;

    public static Command List() =>
        FleetCommand.Create(
            "list",
            "Your webhooks, the oldest first",
            async session =>
            {
                IReadOnlyList<ApiWebhook> all = await session.Webhooks().ListAsync(default);
                session.Terminal.AnswerList("webhooks", all, text => WebhookTables.PrintList(text, all));
                return ExitCode.Ok;
            },
            "ffb webhooks list",
            "ffb webhooks list --output-format jsonl | jq -r 'select(.enabled | not).id'"
        );

    public static Command Get()
    {
        Argument<string> id = WebhooksCommand.OneWebhook();
        return FleetCommand
            .Create(
                "get",
                "A webhook, and why it is disabled if it is",
                async session =>
                {
                    ApiWebhook webhook = await session.Webhooks().GetAsync(session.Get(id), default);
                    session.Terminal.AnswerOne(webhook, text => WebhookTables.PrintOne(text, webhook));
                    return ExitCode.Ok;
                },
                "ffb webhooks get whk_0123…"
            )
            .With(id);
    }

    public static Command Deliveries()
    {
        Argument<string> id = WebhooksCommand.OneWebhook();
        Argument<string?> delivery = new("DELIVERY")
        {
            Description = "Only this one, with what was sent and each attempt",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> state = new("--state")
        {
            Description = "Only those in this state",
            HelpName = string.Join('|', Enum.GetNames<DeliveryStep>()).ToLowerInvariant(),
        };
        state.AcceptOnlyFromAmong([.. Enum.GetNames<DeliveryStep>().Select(name => name.ToLowerInvariant())]);
        Option<int> limit = new("--limit", "-n")
        {
            Description = "How many at most, the newest first",
            DefaultValueFactory = _ => 50,
            HelpName = "N",
        };
        return FleetCommand
            .Create(
                "deliveries",
                "What was and is to be sent to a webhook, the newest first, or one of these with its attempts",
                async session =>
                {
                    if (session.Parsed.GetValue(delivery) is { } one)
                    {
                        ApiDelivery read = await session.Webhooks().GetDeliveryAsync(session.Get(id), one, default);
                        session.Terminal.AnswerOne(read, text => WebhookTables.PrintOne(text, read));
                        return ExitCode.Ok;
                    }

                    int most = session.Get(limit);
                    if (most is < 1 or > MostDeliveries)
                    {
                        throw Setting.Wrong($"--limit must be 1 to {MostDeliveries}.");
                    }

                    IReadOnlyList<ApiDelivery> all = await session
                        .Webhooks()
                        .ListDeliveriesAsync(session.Get(id), session.Get(state), most, default);
                    session.Terminal.AnswerList("deliveries", all, text => WebhookTables.PrintList(text, all));
                    return ExitCode.Ok;
                },
                "ffb webhooks deliveries whk_0123… --state failed",
                "ffb webhooks deliveries whk_0123… dlv_4567…",
                "ffb webhooks deliveries whk_0123… --state failed --output-format jsonl | jq -r .id | xargs ffb webhooks replay whk_0123…"
            )
            .With(id, delivery, state, limit);
    }
}
