using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Batches.Manifests;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>
/// Reads a manifest of this machine, in lines of JSON or in CSV under the same names (<c>sources</c> parted by spaces, labels as
/// <c>label.KEY</c>), and looks for its files. Everything that is wrong is found before anything is sent.
/// </summary>
/// <param name="folder">Paths are seen from here.</param>
/// <param name="hasSource">The command line gives photos for rows that do not.</param>
/// <param name="usual">The recipe of rows that have none.</param>
internal sealed class LocalManifest(string folder, bool hasSource, Recipe usual)
{
    private const string Label = "label.";

    private static readonly string[] Numbers = ["priority", "chunkFrames"];
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<CheckedLocalRow> _rows = [];
    private readonly List<LineFault> _faults = [];
    private readonly HashSet<string> _ids = [];

    public IReadOnlyList<CheckedLocalRow> Rows => _rows;

    public IReadOnlyList<LineFault> Faults => _faults;

    public async Task ReadAsync(Stream content, CancellationToken stop)
    {
        RecordReader records = new(content);
        if ((await records.PeekAsync(stop)).Span.StartsWith("\uFEFF"u8))
        {
            records.Skip(3);
        }

        ReadOnlyMemory<byte> start = await records.PeekAsync(stop);
        int first = start.Span.IndexOfAnyExcept(" \t\r\n"u8);
        records.IsCsv = first >= 0 && start.Span[first] != '{';
        IReadOnlyList<string>? headings = null;
        while (await records.ReadAsync(stop) is { } record)
        {
            if (!record.IsWhole)
            {
                Wrong(record.Line, $"a row has at most {RecordReader.Longest} bytes");
                continue;
            }

            try
            {
                string text = Utf8.GetString(record.Bytes.Span);
                if (records.IsCsv && headings is null)
                {
                    headings = [.. (CsvCells.Split(text) ?? []).Select(heading => heading.Trim())];
                    continue;
                }

                string json = headings is null ? text : JsonOf(headings, text).ToJsonString();
                Add(record.Line, JsonSerializer.Deserialize<LocalRow>(json, ApiJson.Requests) ?? new LocalRow());
            }
            catch (JsonException e)
            {
                bool isUnknown = e.Message.Contains("could not be mapped", StringComparison.Ordinal);
                string place = (e.Path ?? "$").TrimStart('$', '.');
                Wrong(record.Line, isUnknown ? $"there is no field {place}" : $"it cannot be understood ({place})");
            }
            catch (Exception e) when (e is FormatException or DecoderFallbackException or NotSupportedException)
            {
                Wrong(record.Line, e is FormatException ? e.Message : "it is not in UTF-8");
            }
        }

        if (_rows.Count + _faults.Count == 0)
        {
            Wrong(1, "there are no rows");
        }
    }

    /// <summary>A row that was not read from a file.</summary>
    public void Add(int line, LocalRow row)
    {
        int before = _faults.Count;
        Require(row.Id is { Length: > 0 and <= 128 }, line, "it needs an id of 1 to 128 characters");
        Require(row.Id is null || _ids.Add(row.Id), line, $"a row before it has the same id, {row.Id}");
        Require(row.Priority is null or (>= 0 and <= 100), line, "priority must be 0 to 100");
        string target = Full(row.Target ?? "");
        if (row.Target is null)
        {
            Wrong(line, "it lacks target");
        }
        else
        {
            RequireFile(line, row.Target, target);
        }

        string[] photos = [.. (row.Sources ?? []).Concat(row.Source is null ? [] : [row.Source])];
        Require(row.Source is null || row.Sources is null, line, "give source or sources, not both");
        foreach (string photo in photos)
        {
            RequireFile(line, photo, Full(photo));
        }

        Recipe? recipe = RecipeOf(line, row);
        bool isSwap = (recipe ?? usual).Processors.OfType<SwapStep>().Any();
        Require(!isSwap || photos.Length > 0 || hasSource, line, "it lacks source, and --source gives none");
        if (_faults.Count == before)
        {
            _rows.Add(new CheckedLocalRow(line, row, target, [.. photos.Select(Full)], recipe));
        }
    }

    private string Full(string path) => Path.GetFullPath(path, folder);

    private void RequireFile(int line, string path, string full) =>
        Require(new FileInfo(full) is { Exists: true, Length: > 0 }, line, $"there is no file {path}, or it is empty");

    private Recipe? RecipeOf(int line, LocalRow row)
    {
        try
        {
            switch (row.Recipe)
            {
                case null:
                    return null;
                case { ValueKind: JsonValueKind.String } path:
                    return Orders.RecipeFile.ReadOrDefault(Full(path.GetString() ?? ""));
                case { } written:
                    return RecipeJson.Parse(written.GetRawText());
            }
        }
        catch (FusionException e)
        {
            Wrong(line, e.Message);
            return null;
        }
    }

    private static JsonObject JsonOf(IReadOnlyList<string> headings, string text)
    {
        IReadOnlyList<string> cells =
            CsvCells.Split(text) ?? throw new FormatException("a quote is not closed, or something stands behind it");
        if (cells.Count > headings.Count)
        {
            throw new FormatException("it has more cells than there are headings");
        }

        JsonObject row = [];
        JsonObject labels = [];
        for (int i = 0; i < cells.Count; i++)
        {
            string name = headings[i];
            string cell = cells[i].Trim();
            if (cell.Length == 0)
            {
                continue;
            }

            if (name.StartsWith(Label, StringComparison.Ordinal))
            {
                labels[name[Label.Length..]] = cell;
            }
            else
            {
                row[name] =
                    name == "sources" ? new JsonArray([.. cell.Split(' ').Select(p => (JsonNode?)p)])
                    : Numbers.Contains(name) && int.TryParse(cell, out int number) ? number
                    : name == "recipe" && cell.StartsWith('{') ? JsonNode.Parse(cell)
                    : cell;
            }
        }

        if (labels.Count > 0)
        {
            row["labels"] = labels;
        }

        return row;
    }

    private void Require(bool holds, int line, string detail)
    {
        if (!holds)
        {
            Wrong(line, detail);
        }
    }

    private void Wrong(int line, string detail) => _faults.Add(new LineFault(line, Printable.Of(detail)));
}
