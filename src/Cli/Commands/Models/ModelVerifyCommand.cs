using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models verify</c>: whether the files of this machine are unchanged.</summary>
internal static class ModelVerifyCommand
{
    public static Command Create()
    {
        Argument<string[]> ids = new("ID")
        {
            Description = "Of a model (default: the built-in ones, and all of the store)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        ExampledCommand command = new(
            "verify",
            "Hash the model files of this machine and compare them with catalogue and pins; asks no fleet",
            "ffb models verify",
            "ffb models verify gfpgan_1.4",
            "FFB_MODELS=/srv/models ffb models verify --output-format jsonl"
        );
        _ = command.With(ids, LocalModels.StoreFolder.Option);
        command.SetAction(parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            var models = LocalModels.Open(parsed);
            string[] named = parsed.GetValue(ids) ?? [];
            IEnumerable<ModelCard> cards =
                named.Length > 0
                    ? named.Select(models.Catalog.Card)
                    : models.Catalog.Cards.Where(card => card.IsBuiltIn || models.Catalog.IsHere(card));
            List<Verdict> verdicts =
            [
                .. cards.Where(card => card.File is not null).Select(card => Check(models.Catalog, card)),
            ];
            terminal.AnswerList("models", verdicts, text => Print(text, verdicts));
            return (int)(verdicts.All(v => v.Good) ? ExitCode.Ok : ExitCode.VerificationFailed);
        });
        return command;
    }

    private static Verdict Check(ModelCatalog catalog, ModelCard card)
    {
        try
        {
            _ = catalog.Read(card, out string sha256);
            return new Verdict(card.Id, card.File!, sha256, true, null);
        }
        catch (ModelException e)
        {
            return new Verdict(card.Id, card.File!, card.Sha256, false, e.Message);
        }
    }

    private static void Print(Terminal terminal, IReadOnlyList<Verdict> verdicts)
    {
        RowTable table = new("MODEL", "STATE", "FILE", "WHY");
        foreach (Verdict verdict in verdicts)
        {
            table.Add(
                [verdict.Id, verdict.Good ? "good" : "bad", verdict.File, verdict.Why ?? ""],
                verdict.Good ? Color.Green : Color.Red
            );
        }

        table.WriteTo(terminal);
    }

    /// <summary>What came of one file.</summary>
    private sealed record Verdict(string Id, string File, string? Sha256, bool Good, string? Why);
}
