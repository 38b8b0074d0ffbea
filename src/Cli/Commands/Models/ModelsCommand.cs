using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Models;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models</c>: what a fleet may load, and whether this machine has it unchanged.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new ExampledCommand(
            "models",
            "List the models of a fleet, and verify those of this machine",
            "ffb models list",
            "ffb models verify"
        )
        {
            List(),
            Verify(),
            ModelCheckCommand.Create(),
        };

    private static ExampledCommand List() =>
        FleetCommand.Create(
            "list",
            "Every model of the fleet's catalogue, with its licence",
            async session =>
            {
                ApiModelList all = await session.Jobs.Connection.AskAsync<ApiModelList>(
                    ApiCall.Get("v1/models"),
                    default
                );
                session.Terminal.AnswerList("models", all.Models, text => Print(text, all.Models));
                return ExitCode.Ok;
            },
            "ffb models list"
        );

    private static ExampledCommand Verify()
    {
        ExampledCommand command = new(
            "verify",
            "Hash the model files of this machine and compare them with the catalogue; asks no fleet",
            "ffb models verify",
            "FFB_MODELS=/srv/models ffb models verify --output-format jsonl"
        );
        command.SetAction(parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            var catalog = ModelCatalog.Load(Installation.ModelsFolder());
            List<Verdict> verdicts =
            [
                .. catalog.Cards.Where(card => card.File is not null).Select(card => Check(catalog, card)),
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
            _ = catalog.Read(card);
            return new Verdict(card.Id, card.File!, card.Sha256, true, null);
        }
        catch (ModelException e)
        {
            return new Verdict(card.Id, card.File!, card.Sha256, false, e.Message);
        }
    }

    private static void Print(Terminal terminal, IReadOnlyList<ApiModel> models)
    {
        RowTable table = new("MODEL", "ROLE", "FAMILY", "LICENCE", "USE", "SHA-256");
        foreach (ApiModel model in models)
        {
            string[] cells =
            [
                model.Id,
                model.Role,
                model.Family,
                model.Licence,
                model.LicenceClass ?? "",
                model.Sha256 is { Length: > 12 } hash ? $"{hash[..12]}…" : "",
            ];
            table.Add([.. cells.Select(Printable.Of)], null);
        }

        table.WriteTo(terminal);
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
