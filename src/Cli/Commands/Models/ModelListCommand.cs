using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Models;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Faces.Models;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models list</c>: the catalogue of this machine, or that of a fleet.</summary>
internal static class ModelListCommand
{
    private static readonly Option<bool> Fleet = new("--fleet")
    {
        Description = "Ask the fleet and not this machine; naming a --server does the same",
    };

    private static readonly Option<string?> Role = new("--role")
    {
        Description = "Only models that do this, such as fuser or face-enhancer",
        HelpName = "ROLE",
    };

    public static Command Create()
    {
        ExampledCommand command = new(
            "list",
            "Every model of the catalogue, whether it is on this machine, and its licence",
            "ffb models list",
            "ffb models list --role fuser --usage commercial   # only those that may be used so, with all that they need",
            "ffb models list --fleet"
        );
        ServerOptions.AddTo(command);
        _ = command.With(Fleet, Role, UsageOption.Usage.Option, LocalModels.StoreFolder.Option);
        command.SetAction(async parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            if (parsed.GetValue(Fleet) || ServerOptions.IsNamed(parsed))
            {
                using ApiConnection connection = ServerOptions.Connect(parsed, terminal);
                ApiModelList all = await connection.AskAsync<ApiModelList>(ApiCall.Get("v1/models"), default);
                ApiModel[] found = [.. all.Models.Where(m => parsed.GetValue(Role) is not { } role || m.Role == role)];
                terminal.AnswerList("models", found, text => Print(text, found));
                return (int)ExitCode.Ok;
            }

            List<Row> rows = Rows(parsed);
            terminal.AnswerList("models", rows, text => Print(text, rows));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static List<Row> Rows(ParseResult parsed)
    {
        var models = LocalModels.Open(parsed);
        string? role = parsed.GetValue(Role);
        LicenceUsage usage = UsageOption.Read(parsed);
        IReadOnlyList<LicensedModel> licensed = models.Catalog.Licensed;
        return
        [
            .. from card in models.Catalog.Cards
            where role is null || card.Role == role
            let whole = LicenceGate.Judge(RecipeModels.WithNeeds([card.Id], licensed), usage)
            where whole.IsAllowed
            select new Row(
                card.Id,
                card.Role,
                card.Family,
                models.StateOf(card),
                card.Licence,
                card.LicenceClass,
                LicenceClasses.NameOf(whole.Class),
                card.File,
                SizeOf(models, card),
                card.Sha256 ?? (card.IsBuiltIn ? null : models.Store.PinOf(card)?.Sha256)
            ),
        ];
    }

    private static long? SizeOf(LocalModels models, ModelCard card) =>
        card.ByteCount
        ?? (!card.IsBuiltIn && models.Store.Has(card) ? new FileInfo(models.Store.PathOf(card)).Length : null);

    private static void Print(Terminal terminal, List<Row> rows)
    {
        RowTable table = new("MODEL", "ROLE", "STATE", "SIZE", "LICENCE", "CLASS", "CLASS WITH ITS NEEDS");
        foreach (Row row in rows)
        {
            table.Add(
                [
                    row.Id,
                    row.Role,
                    row.State,
                    row.ByteCount is { } bytes ? ByteProgress.Size(bytes) : "",
                    row.Licence,
                    row.LicenceClass,
                    row.LicenceClassWithNeeds == row.LicenceClass ? "" : row.LicenceClassWithNeeds,
                ],
                row.State == "missing" ? null : Color.Green
            );
        }

        table.WriteTo(terminal);
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

    private sealed record Row(
        string Id,
        string Role,
        string Family,
        string State,
        string Licence,
        string LicenceClass,
        string LicenceClassWithNeeds,
        string? File,
        long? ByteCount,
        string? Sha256
    );
}
