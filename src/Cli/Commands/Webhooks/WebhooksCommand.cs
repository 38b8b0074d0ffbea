using System.CommandLine;
using FaceFusion.Batch.Cli.Client;

namespace FaceFusion.Batch.Cli.Commands.Webhooks;

/// <summary><c>ffb webhooks</c>: who is told of what happens. Needs a key with the scope <c>webhooks</c>.</summary>
internal static class WebhooksCommand
{
    public static Command Create() =>
        new ExampledCommand(
            "webhooks",
            "Have addresses told of what happens to your jobs; needs a key with the scope webhooks",
            "ffb webhooks create https://example.com/hook --event job.completed",
            "ffb webhooks deliveries whk_0123… --state failed",
            "ffb webhooks replay whk_0123… dlv_4567…"
        )
        {
            WebhookChangeCommands.Create(),
            WebhookReadCommands.List(),
            WebhookReadCommands.Get(),
            WebhookChangeCommands.Delete(),
            WebhookChangeCommands.Enable(),
            WebhookChangeCommands.Disable(),
            WebhookChangeCommands.Test(),
            WebhookChangeCommands.RotateSecret(),
            WebhookReadCommands.Deliveries(),
            WebhookChangeCommands.Replay(),
        };

    public static FleetWebhooks Webhooks(this FleetSession session) => new(session.Jobs.Connection);

    public static Argument<string> OneWebhook() =>
        new("WEBHOOK") { Description = "The webhook's id, as create printed it" };

    public static Argument<string[]> SomeWebhooks() =>
        new("WEBHOOK") { Description = "Ids of webhooks, as list shows them", Arity = ArgumentArity.OneOrMore };
}
