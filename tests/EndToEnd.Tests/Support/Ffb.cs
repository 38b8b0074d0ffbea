using System.Diagnostics;
using System.Text.Json;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>What a run of <c>ffb</c> ended with.</summary>
internal sealed record FfbResult(int Exit, string Output, string Error)
{
    /// <summary>The lines on stderr that are a complaint.</summary>
    public string[] Complaints =>
        [.. Error.Split('\n').Where(line => line.StartsWith("ffb: ", StringComparison.Ordinal))];

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs the real program as a process of its own.</summary>
internal static class Ffb
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    /// <summary>What users run, where test.sh has built it; else the tests' own build.</summary>
    private static string Program =>
        Environment.GetEnvironmentVariable("FFB_PROGRAM")
        ?? Path.Combine(AppContext.BaseDirectory, "FaceFusion.Batch.Cli.dll");

    public static Task<FfbResult> RunAsync(params string[] arguments) =>
        RunAsync(["dotnet", Program], arguments, new Dictionary<string, string>());

    public static Task<FfbResult> RunAsync(Dictionary<string, string> environment, params string[] arguments) =>
        RunAsync(["dotnet", Program], arguments, environment);

    /// <summary>Runs it through another program, such as prlimit.</summary>
    public static Task<FfbResult> RunThroughAsync(string[] wrapper, params string[] arguments) =>
        RunAsync([.. wrapper, "dotnet", Program], arguments, new Dictionary<string, string>());

    /// <summary>Starts it and leaves it running; the caller ends it.</summary>
    public static Process Start(params string[] arguments) =>
        Start(["dotnet", Program], arguments, new Dictionary<string, string>());

    /// <summary>As <see cref="Start(string[])"/>, with Ctrl-C heard also where the tests themselves run in the background.</summary>
    public static Process StartInterruptible(
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null
    ) =>
        Start(
            ["env", "--default-signal=INT", "dotnet", Program],
            arguments,
            environment ?? new Dictionary<string, string>()
        );

    private static async Task<FfbResult> RunAsync(
        string[] program,
        string[] arguments,
        Dictionary<string, string> environment
    )
    {
        using Process process = Start(program, arguments, environment);
        using CancellationTokenSource tooLong = new(Longest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"ffb {string.Join(' ', arguments)} did not end: {string.Concat(await Task.WhenAll(output, error))}"
            );
        }

        return new FfbResult(process.ExitCode, await output, await error);
    }

    private static Process Start(string[] program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string argument in program.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("ffb did not start.");
    }
}
