using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>
/// This program once more, to load one model and run it once: whatever the file does to it, this process lives on. It has limits on
/// memory, CPU time and wall time, may write no file, and gets none of the variables that may hold secrets.
/// </summary>
internal sealed class ModelTrialChild(MediaTools tools, TimeSpan wallTime)
{
    /// <summary>The program itself; half of an address space is reserved by its garbage collector.</summary>
    private const long OwnBytes = 8L << 30;
    private const long MostBytes = 64L << 30;
    private const int LongestOutput = 1 << 20;
    private const int SignalExit = 128;
    private const int SignalKill = 9;
    private const int SignalCpuTime = 24;

    private static readonly string[] Variables =
    [
        "PATH",
        "HOME",
        "TMPDIR",
        "LANG",
        "LD_LIBRARY_PATH",
        "DOTNET_ROOT",
        Installation.ModelsVariable,
    ];

    /// <param name="answer">What is known of the file.</param>
    /// <param name="family">As it was asked for.</param>
    /// <param name="model">As it was asked for.</param>
    /// <param name="stop">Ends the child.</param>
    public async Task<TrialAnswer> RunAsync(
        ModelCheckAnswer answer,
        string? family,
        string? model,
        CancellationToken stop
    )
    {
        List<string> command =
        [
            .. ChildFences.Before(tools, Limits(answer)),
            .. OwnProgram.Command(),
            ModelTrialCommand.Name,
            Path.GetFullPath(answer.File),
            ModelTrialCommand.Hash,
            answer.Sha256!,
        ];
        command.AddRange(family is null ? [] : [ModelTrialCommand.Family, family]);
        command.AddRange(model is null ? [] : [ModelTrialCommand.Model, model]);
        command.AddRange(answer.Findings.Any(f => f.Code == "external-data") ? [ModelTrialCommand.Beside] : []);
        using Process process = Start(command);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ended.CancelAfter(wallTime);
        process.StandardInput.Close();
        Task<string> output = ReadAsync(process.StandardOutput);
        Task<string> errors = ReadAsync(process.StandardError);
        try
        {
            await process.WaitForExitAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            stop.ThrowIfCancellationRequested();
            return Exhausted(
                $"It did not end within {wallTime.TotalSeconds:0.#} s of time: use a smaller model, or allow it more with --time-limit."
            );
        }

        return Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>What an ended child had to say, or what its end says.</summary>
    internal static TrialAnswer Outcome(int exit, string output, string errors)
    {
        if (exit == 0 && AnswerOf(output) is { } answer)
        {
            return answer;
        }

        if (exit is SignalExit + SignalKill or SignalExit + SignalCpuTime)
        {
            return Exhausted(
                $"It took more CPU time or memory than it may have: use a smaller model, or allow it more with --time-limit."
            );
        }

        bool isMemory =
            errors.Contains("bad_alloc", StringComparison.Ordinal)
            || errors.Contains("Out of memory", StringComparison.OrdinalIgnoreCase)
            || errors.Contains("OutOfMemory", StringComparison.Ordinal);
        return isMemory
            ? Exhausted($"It needs more memory than a trial may have: use a smaller model.")
            : new TrialAnswer(
                null,
                "model-crash",
                $"The runtime ended with it ({(exit > SignalExit ? $"signal {exit - SignalExit}" : $"exit code {exit}")}): do not use this file."
            );
    }

    private ToolLimits Limits(ModelCheckAnswer answer)
    {
        long bytes = OwnBytes + (8 * answer.Bytes) + (4 * answer.WorkingBytes);
        // Several threads may start it, and one runs it: CPU time passes little faster than time.
        return new ToolLimits("try", Math.Min(bytes, MostBytes), (long)wallTime.TotalSeconds + 10, 0);
    }

    private static Process Start(List<string> command)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in start.Environment.Keys.Except(Variables).ToArray())
        {
            start.Environment[variable] = null;
        }

        // It may write no files: not those of its diagnostics, nor the one behind memory that is mapped twice.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        try
        {
            return ChildLauncher.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new ModelException(
                "model-trial",
                $"The trial cannot be started ({e.Message}): check the installation.",
                inner: e
            );
        }
    }

    /// <summary>All that comes is read, so that the child never waits; the end of it is kept.</summary>
    private static async Task<string> ReadAsync(StreamReader from)
    {
        StringBuilder kept = new();
        char[] buffer = new char[4096];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            _ = kept.Append(buffer, 0, count);
            if (kept.Length > 2 * LongestOutput)
            {
                _ = kept.Remove(0, kept.Length - LongestOutput);
            }
        }

        return kept.ToString();
    }

    private static TrialAnswer? AnswerOf(string output)
    {
        string last = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("");
        try
        {
            return last.StartsWith('{') ? JsonSerializer.Deserialize<TrialAnswer>(last) : null;
        }
        catch (JsonException)
        {
            // Cut off, or not ours: no answer.
            return null;
        }
    }

    private static TrialAnswer Exhausted(FormattableString sentence) =>
        new(null, "resource-exhausted", sentence.ToString(CultureInfo.InvariantCulture));
}
