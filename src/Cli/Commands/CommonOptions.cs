using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>The options that every command understands.</summary>
internal static class CommonOptions
{
    private static readonly Option<string> Format = new("--output-format")
    {
        Description =
            "How the answer on stdout is written: for people, as one JSON document, or as one line of JSON for each row",
        DefaultValueFactory = _ => "table",
        Recursive = true,
        HelpName = "table|json|jsonl",
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Say nothing but errors (and the answer, if it is json)",
        Recursive = true,
    };

    private static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours; the variable NO_COLOR does the same",
        Recursive = true,
    };

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Logs and stack traces on stderr; the variable FFB_DEBUG does the same",
        Recursive = true,
    };

    static CommonOptions() => Format.AcceptOnlyFromAmong("table", "json", "jsonl", "text");

    public static void AddTo(Command root)
    {
        root.Options.Add(Format);
        root.Options.Add(Quiet);
        root.Options.Add(NoColor);
        root.Options.Add(Verbose);
    }

    /// <summary>The terminal that the arguments ask for; also usable when other arguments are wrong.</summary>
    public static Terminal Terminal(ParseResult parsed, TextWriter output, TextWriter error)
    {
        string format = parsed.GetResult(Format) is { Tokens.Count: > 0 } chosen ? chosen.Tokens[^1].Value : "";
        return new Terminal(
            output,
            error,
            new TerminalOptions(
                format switch
                {
                    "json" => OutputFormat.Json,
                    "jsonl" => OutputFormat.JsonLines,
                    _ => OutputFormat.Table,
                },
                parsed.GetResult(Quiet) is { Implicit: false },
                !(parsed.GetResult(NoColor) is { Implicit: false } || IsSet("NO_COLOR")),
                parsed.GetResult(Verbose) is { Implicit: false } || IsSet("FFB_DEBUG"),
                ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected,
                ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
            )
        );
    }

    public static Terminal Terminal(ParseResult parsed) =>
        Terminal(parsed, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
