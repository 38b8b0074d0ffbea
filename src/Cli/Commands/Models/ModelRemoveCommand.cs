using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models remove</c>: take files out of the store.</summary>
internal static class ModelRemoveCommand
{
    public static Command Create()
    {
        Argument<string[]> ids = new("ID") { Description = "Of a model in the store", Arity = ArgumentArity.OneOrMore };
        Option<bool> forget = new("--forget-pin")
        {
            Description = "Also forget which bytes it was, so that others are taken next time",
        };
        ExampledCommand command = new(
            "remove",
            "Take models out of the store; what is pinned stays pinned",
            "ffb models remove blendswap_256",
            "ffb models remove yunet --forget-pin"
        );
        _ = command.With(ids, forget, LocalModels.StoreFolder.Option);
        command.SetAction(parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            var models = LocalModels.Open(parsed);
            ModelCard[] cards = [.. parsed.GetRequiredValue(ids).Select(models.Published)];
            Removed[] removed =
            [
                .. cards.Select(card => new Removed(card.Id, models.Store.Remove(card, parsed.GetValue(forget)))),
            ];
            terminal.AnswerList(
                "models",
                removed,
                text => Array.ForEach(removed, r => text.Line($"{r.Id}  {(r.WasThere ? "removed" : "was not there")}"))
            );
            return (int)(removed.All(r => r.WasThere) ? ExitCode.Ok : ExitCode.NotFound);
        });
        return command;
    }

    private sealed record Removed(string Id, bool WasThere);
}
