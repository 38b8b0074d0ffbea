using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models import</c>: files that came another way; no network is touched.</summary>
internal sealed class ModelImportCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "A model of the catalogue, known by its SHA-256, its name or its CRC-32",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _as = new("--as")
    {
        Description = "The model that the one file is, whatever its name",
        HelpName = "ID",
    };

    public static Command Create()
    {
        ModelImportCommand import = new();
        ExampledCommand command = new(
            "import",
            "Take model files that are here into the store, and check them",
            "ffb models import inswapper_128.onnx",
            "ffb models import ~/.assets/models/*.onnx",
            "ffb models import swap.onnx --as hyperswap_1b_256"
        );
        _ = command.With(import._files, import._as, LocalModels.StoreFolder.Option);
        command.SetAction(import.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Terminal terminal = CommonOptions.Terminal(parsed);
        var models = LocalModels.Open(parsed);
        string[] files = parsed.GetRequiredValue(_files);
        string? named = parsed.GetValue(_as);
        if (named is not null && files.Length > 1)
        {
            throw new InvalidRecipeException("usage", "--as names one model: give one file with it.");
        }

        using Interrupts interrupts = new(() => terminal.Note("Stopping."));
        List<StoredModel> stored = [];
        foreach (string file in files)
        {
            StoredModel one = await ImportAsync(models, file, named, terminal, interrupts.Stop);
            one.Tell(terminal);
            stored.Add(one);
        }

        terminal.AnswerList("models", stored, text => stored.ForEach(s => text.Line(s.Line)));
        return (int)ExitCode.Ok;
    }

    private static async Task<StoredModel> ImportAsync(
        LocalModels models,
        string file,
        string? named,
        Terminal terminal,
        CancellationToken stop
    )
    {
        try
        {
            await using FileStream content = new(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            ModelCard card = named is null
                ? Recognise(models.Catalog, file, await ModelDigest.OfAsync(content, stop))
                : models.Published(named);
            terminal.Note($"{Path.GetFileName(file)} is {card.Id}; licence {card.LicenceClass}: {card.Licence}");
            content.Position = 0;
            ModelPin pin = await models.Store.ImportAsync(
                card,
                content,
                Path.GetFileName(file),
                () => terminal.Note($"Another ffb is fetching {card.Id}; waiting for it."),
                stop
            );
            return new StoredModel(card.Id, pin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                "model-missing",
                $"{file} cannot be read ({e.Message.ReplaceLineEndings(" ")}): check the path.",
                inner: e
            );
        }
    }

    /// <summary>By what is surest first: its SHA-256, its name (its bytes are checked afterwards), its CRC-32.</summary>
    private static ModelCard Recognise(ModelCatalog catalog, string file, ModelDigest found)
    {
        string name = Path.GetFileName(file);
        ModelCard[] published = [.. catalog.Cards.Where(card => !card.IsBuiltIn && card.File is not null)];
        return Array.Find(published, card => card.Sha256 == found.Sha256)
            ?? Array.Find(published, card => card.File == name)
            ?? Array.Find(published, card => card.Crc32 == found.Crc32)
            ?? throw new ModelException(
                "model-unknown",
                $"{name} is no model of the catalogue: neither its name nor its SHA-256 nor its CRC-32 is there. If it is one under another name, say which with --as ID."
            );
    }
}
