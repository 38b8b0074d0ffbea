using System.Text.Json;

namespace FaceFusion.Batch.Cli.Tests.Support;

/// <summary>What a command line came to, in this process.</summary>
internal sealed record Run(ExitCode Exit, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<Run> Async(params string[] arguments)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        ExitCode exit = await CommandLine.RunAsync(
            arguments,
            TextWriter.Synchronized(output),
            TextWriter.Synchronized(error)
        );
        return new Run(exit, output.ToString(), error.ToString());
    }
}
