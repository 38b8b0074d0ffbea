using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Fetching;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models pull</c>: fetch models, and all that they need, into the store.</summary>
internal sealed class ModelPullCommand
{
    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Of a model, as `ffb models list` shows it",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly LicenceConsent _consent = new();
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show what would be fetched and from where",
    };

    public static Command Create()
    {
        ModelPullCommand pull = new();
        ExampledCommand command = new(
            "pull",
            "Fetch models, with all that they need, and check them",
            "ffb models pull gfpgan_1.4 --yes",
            "ffb models pull hyperswap_1a_256 --accept-licence research --accept-licence non-commercial",
            "ffb models pull ghost_1_256 --dry-run"
        );
        _ = command.With([
            pull._ids,
            .. pull._consent.Options,
            pull._dryRun,
            LocalModels.StoreFolder.Option,
            ModelAddresses.Mirror.Option,
        ]);
        command.SetAction(pull.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Terminal terminal = CommonOptions.Terminal(parsed);
        var models = LocalModels.Open(parsed);
        var addresses = ModelAddresses.Parse(ModelAddresses.Mirror.Read(parsed));
        IReadOnlyList<ModelCard> wanted = models.WithNeeds(parsed.GetRequiredValue(_ids));
        ModelCard[] missing = [.. wanted.Where(card => !models.Catalog.IsHere(card))];
        foreach (ModelCard card in wanted.Except(missing))
        {
            terminal.Note($"{card.Id} is here: {models.StateOf(card)}");
        }

        if (missing.FirstOrDefault(card => card.IsBuiltIn) is { } lost)
        {
            throw new ModelException(
                "model-missing",
                $"{lost.File} of {lost.Id} comes with the product: restore it from the release."
            );
        }

        if (parsed.GetValue(_dryRun))
        {
            Planned[] plan = [.. missing.Select(card => Planned.Of(card, addresses))];
            terminal.AnswerList("models", plan, text => Print(text, plan));
            return (int)ExitCode.Ok;
        }

        bool canAsk = terminal.Options is { ErrorIsTerminal: true, Quiet: false } && !Console.IsInputRedirected;
        _consent.Require(parsed, terminal, missing, canAsk ? question => Ask(terminal, question) : null);
        using Interrupts interrupts = new(() => terminal.Note("Stopping; what has come stays for the next time."));
        using ModelFetcher fetcher = new(models.Store, addresses, terminal, new FetchLimits());
        List<StoredModel> stored = [];
        foreach (ModelCard card in missing)
        {
            StoredModel one = new(card.Id, await fetcher.FetchAsync(card, interrupts.Stop));
            one.Tell(terminal);
            stored.Add(one);
        }

        terminal.AnswerList("models", stored, text => stored.ForEach(s => text.Line(s.Line)));
        return (int)ExitCode.Ok;
    }

    private static string? Ask(Terminal terminal, string question)
    {
        terminal.Note(question);
        return Console.In.ReadLine();
    }

    private static void Print(Terminal terminal, Planned[] plan)
    {
        RowTable table = new("MODEL", "SIZE", "LICENCE", "CLASS", "CHECKED BY", "FROM");
        foreach (Planned one in plan)
        {
            string size = one.ByteCount is { } bytes ? ByteProgress.Size(bytes) : "";
            table.Add(
                [
                    one.Id,
                    size,
                    one.Licence,
                    one.LicenceClass,
                    one.CheckedBy,
                    one.Urls is [string first, ..] ? first : "",
                ],
                null
            );
        }

        table.WriteTo(terminal);
        terminal.Line("Nothing was fetched: leave --dry-run out to do it.");
    }

    private sealed record Planned(
        string Id,
        string Licence,
        string LicenceClass,
        long? ByteCount,
        string CheckedBy,
        IReadOnlyList<string> Urls
    )
    {
        public static Planned Of(ModelCard card, ModelAddresses addresses) =>
            new(
                card.Id,
                card.Licence,
                card.LicenceClass,
                card.ByteCount,
                card.Sha256 is not null ? "SHA-256"
                    : card.Crc32 is not null ? "CRC-32, then pinned"
                    : "nothing published: pinned",
                [.. addresses.Of(card).Select(url => url.ToString())]
            );
    }
}
