using System.CommandLine;
using System.Globalization;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models show</c>: everything that is known of a model.</summary>
internal static class ModelShowCommand
{
    public static Command Create()
    {
        Argument<string> id = new("ID") { Description = "Of the model, as `ffb models list` shows it" };
        ExampledCommand command = new(
            "show",
            "Everything that is known of a model: licence, needs, hashes, what goes in and comes out",
            "ffb models show hyperswap_1a_256",
            "ffb models show hyperswap_1a_256 --output-format json"
        );
        _ = command.With(id, LocalModels.StoreFolder.Option);
        command.SetAction(parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            var models = LocalModels.Open(parsed);
            ModelCard card = models.Catalog.Card(parsed.GetRequiredValue(id));
            ModelPin? pin = card.IsBuiltIn || card.File is null ? null : models.Store.PinOf(card);
            LicenceClass whole = LicenceGate
                .Judge(RecipeModels.WithNeeds([card.Id], models.Catalog.Licensed), LicenceUsage.Unspecified)
                .Class;
            Shown shown = new(card, models.StateOf(card), LicenceClasses.NameOf(whole), pin);
            terminal.AnswerOne(shown, text => Print(text, shown));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, Shown shown)
    {
        ModelCard card = shown.Model;
        FactTable table = new();
        table.Add("model", card.Id);
        table.Add("does", $"{card.Role}, family {card.Family}");
        table.Add("state", shown.State == "missing" ? $"missing; `ffb models pull {card.Id}` fetches it" : shown.State);
        Add(
            table,
            "from",
            string.Join(", ", new[] { card.Vendor, $"{card.Year}" }.Where(part => part is { Length: > 0 }))
        );
        table.Add("licence", $"{card.Licence}: {card.LicenceClass}");
        if (shown.LicenceClassWithNeeds != card.LicenceClass)
        {
            table.Add("", $"{shown.LicenceClassWithNeeds} with all that it needs");
        }

        Add(table, "needs", string.Join(", ", card.Needs));
        Add(table, "file", card.File);
        Add(
            table,
            "size",
            card.ByteCount is { } bytes ? $"{bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes" : null
        );
        Add(
            table,
            "SHA-256",
            card.Sha256
                ?? (shown.Pin is null && card.File is not null ? "not published; the first bytes are pinned" : null)
        );
        Add(table, "CRC-32", card.Crc32);
        if (shown.Pin is { } pin)
        {
            table.Add(
                "pinned",
                $"{pin.Sha256}, {(pin.IsPublished ? "as published" : "not published")}, from {pin.From}"
            );
        }

        Add(table, "takes", InWords(card.Input));
        Add(table, "gives", InWords(card.Output));
        Add(table, "crop", card.Template);
        Add(table, "told who", SourceInWords(card.Source));
        Add(table, "tiles", InWords(card.Tiles));
        foreach (string url in card.Urls)
        {
            table.Add("url", url);
        }

        Add(table, "known", card.Provenance);
        table.WriteTo(terminal);
    }

    private static void Add(FactTable table, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            table.Add(name, value);
        }
    }

    private static string? InWords(ModelInput? input) =>
        input is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"a picture '{input.Name}' of {input.Width} × {input.Height}, {input.Channels.ToUpperInvariant()} {input.Layout.ToUpperInvariant()}, value = (pixel of 0 to 255 − {InWords(input.Mean)}) / {InWords(input.Std)}"
            );

    private static string? InWords(ModelOutput? output) =>
        output is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"a picture, pixel of 0 to 255 = value · {InWords(output.Std)} + {InWords(output.Mean)}"
            );

    private static string? InWords(ModelTiles? tiles) =>
        tiles is null
            ? null
            : $"of {tiles.Size} pixels, {tiles.Pad} of black around the frame, {tiles.Overlap} cut from each edge, {tiles.Scale} times as large";

    private static string InWords(PerChannel number) =>
        number.R == number.G && number.G == number.B
            ? number.R.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"({number.R}, {number.G}, {number.B} for R, G, B)");

    private static string? SourceInWords(string? source) =>
        source switch
        {
            "embedding" => "by the recogniser's embedding as it is",
            "embedding-unit" => "by the recogniser's embedding, normalised",
            "converted" => "by the converted embedding as it is",
            "converted-unit" => "by the converted embedding, normalised",
            "projected" => "by the embedding projected through the matrix in the model's own file",
            "image" => "by a picture of the source",
            _ => null,
        };

    private sealed record Shown(ModelCard Model, string State, string LicenceClassWithNeeds, ModelPin? Pin);
}
