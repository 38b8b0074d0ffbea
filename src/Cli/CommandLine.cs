using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands;
using FaceFusion.Batch.Cli.Commands.Batches;
using FaceFusion.Batch.Cli.Commands.Chunks;
using FaceFusion.Batch.Cli.Commands.Completion;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Commands.Keys;
using FaceFusion.Batch.Cli.Commands.Models;
using FaceFusion.Batch.Cli.Commands.Simulating;
using FaceFusion.Batch.Cli.Commands.Submit;
using FaceFusion.Batch.Cli.Commands.Webhooks;
using FaceFusion.Batch.Cli.Commands.Workers;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Cli;

/// <summary>The command tree, and the one place where failures become an exit code and one line on stderr.</summary>
internal static class CommandLine
{
    private const string Program = "ffb";

    /// <summary>Commands share their options, and the library fills these in when they are first parsed.</summary>
    private static readonly Lock Parsing = new();

    /// <param name="arguments">As the shell gave them.</param>
    /// <param name="output">For data.</param>
    /// <param name="error">For progress and complaints.</param>
    public static async Task<ExitCode> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed;
        lock (Parsing)
        {
            parsed = Root().Parse(arguments);
        }

        Terminal terminal = CommonOptions.Terminal(parsed, output, error);
        if (parsed.Action is ParseErrorAction)
        {
            string name = parsed.CommandResult.Command.Name;
            string command = name == Program ? name : $"{Program} {name}";
            return Refuse(
                terminal,
                "usage",
                $"{OneLine(parsed.Errors[0].Message)} `{command} --help` shows how.",
                ExitCode.Precheck
            );
        }

        InvocationConfiguration settings = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return (ExitCode)await parsed.InvokeAsync(settings);
        }
        catch (FusionException failure) when (failure.Kind == FailureKind.Cancelled && Interrupts.Seen is not null)
        {
            return Refuse(terminal, "interrupted", failure.Message, Interrupts.ExitFor(Interrupts.Seen));
        }
        catch (ApiCallException refused)
        {
            Trace(terminal, refused);
            return Refuse(terminal, refused.Code, refused.Message, refused.Exit);
        }
        catch (FusionException failure)
        {
            Trace(terminal, failure);
            return Refuse(terminal, failure.Code, failure.Message, ExitCodes.Of(failure));
        }
        catch (OperationCanceledException) when (Interrupts.Seen is not null)
        {
            return Refuse(
                terminal,
                "interrupted",
                "Stopped before any work was done.",
                Interrupts.ExitFor(Interrupts.Seen)
            );
        }
        catch (Exception e) when (SqliteJobs.FullDisk(e) is { } full)
        {
            Trace(terminal, e);
            return Refuse(terminal, full.Code, full.Message, ExitCodes.Of(full));
        }
        // The outermost frame of the process: whatever is left is a defect, and a user must see a sentence and not a stack trace.
        catch (Exception defect)
        {
            Trace(terminal, defect);
            return Refuse(
                terminal,
                "unexpected",
                $"{defect.Message.ReplaceLineEndings(" ")} This is a defect; run again with --verbose for the details.",
                ExitCode.Unexpected
            );
        }
    }

    /// <summary>A plain command and not the library's root command, which would call itself by the name of its assembly.</summary>
    internal static Command Root()
    {
        HelpOption help = new();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        ExampledCommand root = new(
            Program,
            "Fuse faces into videos, frame-exact: every frame, timestamp and sound of the target is kept.",
            "ffb demo",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4",
            "ffb help exit-codes"
        )
        {
            help,
            new VersionOption(),
            DemoCommand.Create(),
            FuseCommand.Create(),
            RedactCommand.Create(),
            ScanCommand.Create(),
            ProbeCommand.Create(),
            SubmitCommand.Create(),
            BatchCommand.Create(),
            JobsCommand.Create(),
            ChunksCommand.Create(),
            WorkersCommand.Create(),
            WebhooksCommand.Create(),
            ModelsCommand.Create(),
            ModelTrialCommand.Create(),
            UpCommand.Create(),
            KeysCommand.Create(),
            CoordinatorCommand.Create(),
            WorkerCommand.Create(),
            ScaleCommand.Create(),
            SimulateCommand.Create(),
            DoctorCommand.Create(),
            BenchCommand.Create(),
            DeviceCheckCommand.Create(),
            CompletionCommand.Create(),
            CompleteCommand.Create(),
            HelpCommand.Create(),
        };
        CommonOptions.AddTo(root);
        return root;
    }

    /// <summary>The library lists allowed values on lines of their own.</summary>
    private static string OneLine(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 1 ? lines[0] : $"{lines[0]} {string.Join(", ", lines[1..])}.";
    }

    private static ExitCode Refuse(Terminal terminal, string code, string sentence, ExitCode exit)
    {
        terminal.Complain($"ffb: {sentence} ({code})");
        if (terminal.IsJson)
        {
            terminal.Answer(
                new
                {
                    Terminal.SchemaVersion,
                    State = "failed",
                    Error = new
                    {
                        Code = code,
                        Message = sentence,
                        ExitCode = (int)exit,
                    },
                },
                _ => { }
            );
        }

        return exit;
    }

    private static void Trace(Terminal terminal, Exception failure)
    {
        if (terminal.Options.Verbose)
        {
            terminal.Complain(failure.ToString());
        }
    }

    /// <summary>The library's help, and below it the examples of the command.</summary>
    private sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int exit = inner.Invoke(parseResult);
            if (parseResult.CommandResult.Command is ExampledCommand { Examples.Count: > 0 } command)
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (string example in command.Examples)
                {
                    output.WriteLine($"  {example}");
                }

                output.WriteLine();
            }

            return exit;
        }
    }
}
