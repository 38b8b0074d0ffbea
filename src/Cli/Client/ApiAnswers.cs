using System.Text.Json;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>What the API answered, on stdout: in JSON with the API's own words and the schema version before them.</summary>
internal static class ApiAnswers
{
    /// <param name="terminal">Where to.</param>
    /// <param name="document">A JSON object.</param>
    /// <param name="text">Prints it for people.</param>
    public static void AnswerOne<T>(this Terminal terminal, T document, Action<Terminal> text)
    {
        if (terminal.IsJson)
        {
            terminal.WriteJson(Versioned(document));
        }
        else if (!terminal.Options.Quiet)
        {
            text(terminal);
        }
    }

    /// <param name="terminal">Where to.</param>
    /// <param name="name">Of the list in its document; as lines of JSON each row stands alone.</param>
    /// <param name="rows">Each a JSON object.</param>
    /// <param name="text">Prints them for people.</param>
    public static void AnswerList<T>(this Terminal terminal, string name, IReadOnlyList<T> rows, Action<Terminal> text)
    {
        if (terminal.Options.Format == OutputFormat.JsonLines)
        {
            foreach (T row in rows)
            {
                terminal.WriteJson(Versioned(row));
            }
        }
        else
        {
            terminal.AnswerOne(new Dictionary<string, IReadOnlyList<T>> { [name] = rows }, text);
        }
    }

    private static JsonObject Versioned<T>(T document)
    {
        JsonObject read = (JsonObject)JsonSerializer.SerializeToNode(document, ClientJson.Options)!;
        read.Insert(0, "schemaVersion", Terminal.SchemaVersion);
        return read;
    }
}
