using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Webhooks;

namespace FaceFusion.Batch.Cli.Commands.Webhooks;

/// <summary>What makes and changes webhooks, and has something sent to them.</summary>
internal static class WebhookChangeCommands
{
    public static Command Create()
    {
        Argument<string> url = new("URL") { Description = "Where deliveries go: https, to a public address" };
        Option<string[]> events = new("--event", "-e")
        {
            Description =
                $"What it is told of; give it several times for several (default: {WebhookEvents.JobCompleted})",
            HelpName = string.Join('|', WebhookEvents.All),
        };
        events.AcceptOnlyFromAmong([.. WebhookEvents.All]);
        Option<string?> label = new("--label") { Description = "For people, to tell them apart", HelpName = "TEXT" };
        return FleetCommand
            .Create(
                "create",
                "Have an address told of what happens; prints its id and, this once, the secret that signs",
                async session =>
                {
                    string[] asked = session.Get(events) is { Length: > 0 } given
                        ? given
                        : [WebhookEvents.JobCompleted];
                    ApiWebhook made = await session
                        .Webhooks()
                        .CreateAsync(
                            new CreateWebhook
                            {
                                Url = session.Get(url),
                                Events = asked,
                                Label = session.Get(label),
                            },
                            default
                        );
                    PrintSecret(session.Terminal, made);
                    return ExitCode.Ok;
                },
                "ffb webhooks create https://example.com/hook --event job.completed",
                "ffb webhooks create https://example.com/hook -e job.state_changed -e job.completed --output-format json | jq -r .secret"
            )
            .With(url, events, label);
    }

    public static Command Delete() =>
        Each(
            "delete",
            "Forget webhooks and all that was sent to them",
            async (session, id) =>
            {
                await session.Webhooks().DeleteAsync(id, default);
                session.Terminal.AnswerOne(
                    new { Id = id, Deleted = true },
                    text => text.Line($"{Printable.Of(id)}  deleted")
                );
            },
            "ffb webhooks delete whk_0123…"
        );

    public static Command Enable() =>
        Switch("enable", "Tell webhooks of what happens from now on", isEnabled: true, "ffb webhooks enable whk_0123…");

    public static Command Disable() =>
        Switch(
            "disable",
            "Tell webhooks nothing more; what is on its way to them counts as failed",
            isEnabled: false,
            "ffb webhooks disable whk_0123…"
        );

    public static Command Test() =>
        Each(
            "test",
            "Send webhooks a webhook.test now; deliveries shows what came of it",
            async (session, id) => PrintDelivery(session.Terminal, await session.Webhooks().TestAsync(id, default)),
            "ffb webhooks test whk_0123…"
        );

    public static Command RotateSecret()
    {
        Argument<string> id = WebhooksCommand.OneWebhook();
        Option<int?> keep = JobOptions.Number(
            "--keep-hours",
            "How long the secret so far goes on signing beside the new one (default: 24); 0 where it has leaked",
            0,
            24
        );
        return FleetCommand
            .Create(
                "rotate-secret",
                "Make another secret and print it, this once",
                async session =>
                {
                    int hours = session.Get(keep) ?? 24;
                    PrintSecret(
                        session.Terminal,
                        await session.Webhooks().RotateAsync(session.Get(id), hours, default)
                    );
                    return ExitCode.Ok;
                },
                "ffb webhooks rotate-secret whk_0123…",
                "ffb webhooks rotate-secret whk_0123… --keep-hours 0"
            )
            .With(id, keep);
    }

    public static Command Replay()
    {
        Argument<string> id = WebhooksCommand.OneWebhook();
        Argument<string[]> deliveries = new("DELIVERY")
        {
            Description = "Ids of deliveries, as deliveries shows them",
            Arity = ArgumentArity.OneOrMore,
        };
        return FleetCommand
            .Create(
                "replay",
                "Send deliveries again now, each with its id and body",
                session =>
                    FleetCommand.EachAsync(
                        session.Terminal,
                        session.Get(deliveries),
                        async delivery =>
                            PrintDelivery(
                                session.Terminal,
                                await session.Webhooks().ReplayAsync(session.Get(id), delivery, default)
                            )
                    ),
                "ffb webhooks replay whk_0123… dlv_4567…"
            )
            .With(id, deliveries);
    }

    private static ExampledCommand Switch(string name, string description, bool isEnabled, string example) =>
        Each(
            name,
            description,
            async (session, id) =>
            {
                ApiWebhook webhook = await session
                    .Webhooks()
                    .PatchAsync(id, new PatchWebhook { Enabled = isEnabled }, default);
                session.Terminal.AnswerOne(
                    webhook,
                    text => text.Line($"{webhook.Id}  {WebhookTables.StateOf(webhook)}")
                );
            },
            example
        );

    private static ExampledCommand Each(
        string name,
        string description,
        Func<FleetSession, string, Task> act,
        string example
    )
    {
        Argument<string[]> ids = WebhooksCommand.SomeWebhooks();
        return FleetCommand
            .Create(
                name,
                description,
                session => FleetCommand.EachAsync(session.Terminal, session.Get(ids), id => act(session, id)),
                example
            )
            .With(ids);
    }

    private static void PrintSecret(Terminal terminal, ApiWebhook webhook)
    {
        terminal.AnswerOne(webhook, text => text.Line($"{webhook.Id}  {webhook.Secret}"));
        terminal.Note("Keep the secret: it is shown this once. Receivers verify with it who has sent a delivery.");
    }

    private static void PrintDelivery(Terminal terminal, ApiDelivery delivery) =>
        terminal.AnswerOne(delivery, text => text.Line($"{delivery.Id}  {JobTables.NameOf(delivery.State)}"));
}
