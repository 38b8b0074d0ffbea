using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Terminals;

internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One document.</summary>
    Json,

    /// <summary>One line for each row, or each thing that happens.</summary>
    JsonLines,
}

/// <summary>Where a command speaks: data on stdout, progress and complaints on stderr.</summary>
internal sealed class Terminal
{
    /// <summary>Every document on stdout has this as its <c>schemaVersion</c>; fields are only ever added.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions OneLine = new(Json) { WriteIndented = false };

    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public Terminal(TextWriter output, TextWriter error, TerminalOptions options)
    {
        _out = output;
        _error = error;
        Options = options;
        Tables = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = options.OutputIsTerminal && options.Color ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem =
                    options.OutputIsTerminal && options.Color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            }
        );
        if (!options.OutputIsTerminal)
        {
            // A file or a pipe has no width; rows must not be folded for one.
            Tables.Profile.Width = 200;
        }
    }

    public TerminalOptions Options { get; }

    /// <summary>For tables on stdout.</summary>
    public IAnsiConsole Tables { get; }

    public bool IsJson => Options.Format != OutputFormat.Table;

    /// <summary>The command's answer: a JSON document, or what <paramref name="text"/> prints.</summary>
    public void Answer<T>(T document, Action<Terminal> text)
    {
        if (IsJson)
        {
            WriteJson(JsonSerializer.SerializeToNode(document, Json)!);
        }
        else if (!Options.Quiet)
        {
            text(this);
        }
    }

    /// <summary>A JSON document on stdout, on one line where that is asked for.</summary>
    public void WriteJson(JsonNode document)
    {
        bool isOneLine = Options.Format == OutputFormat.JsonLines;
        _out.WriteLine(document.ToJsonString(isOneLine ? OneLine : Json));
        _out.Flush();
    }

    /// <summary>Something that has happened, on one line: for answers that have no end, whichever JSON was asked for.</summary>
    public void Tell<T>(T happening)
    {
        _out.WriteLine(JsonSerializer.Serialize(happening, OneLine));
        _out.Flush();
    }

    /// <summary>One line of the answer in text format.</summary>
    public void Line(string line) => _out.WriteLine(line);

    /// <summary>One line beside the answer; silent with <c>--quiet</c>.</summary>
    public void Note(string line)
    {
        if (!Options.Quiet)
        {
            _error.WriteLine(line);
        }
    }

    /// <summary>One line that is said even with <c>--quiet</c>.</summary>
    public void Complain(string line) => _error.WriteLine(line);

    /// <summary>Progress of one job on stderr.</summary>
    public ProgressView Progress() => new(_error, Options);

    /// <summary>Progress of jobs elsewhere on stderr.</summary>
    /// <param name="ids">The jobs.</param>
    public JobBoard Board(IReadOnlyList<string> ids) =>
        new(
            _error,
            // Lines of JSON on the same screen would be taken away with the live lines.
            Options with
            {
                Quiet = Options.Quiet || (Options.Format == OutputFormat.JsonLines && Options.OutputIsTerminal),
            },
            ids,
            TimeProvider.System,
            () => Math.Max(20, Console.WindowWidth)
        );
}

/// <param name="Format">Text for people or JSON for programs.</param>
/// <param name="Quiet">Only errors, and the answer if it is JSON.</param>
/// <param name="Color">Colours may be used where a terminal reads.</param>
/// <param name="Verbose">Stack traces and logs.</param>
/// <param name="OutputIsTerminal">stdout is read by a person.</param>
/// <param name="ErrorIsTerminal">stderr is read by a person.</param>
internal sealed record TerminalOptions(
    OutputFormat Format,
    bool Quiet,
    bool Color,
    bool Verbose,
    bool OutputIsTerminal,
    bool ErrorIsTerminal
);
