using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Scaling;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb scale</c>: workers of this machine, as many as the work owed is worth.</summary>
internal static class ScaleCommand
{
    private static readonly Argument<string[]> ForWorkers = new("WORKER OPTIONS")
    {
        Description = "Behind --: options for each `ffb worker`; the rest is in the environment",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        ExampledCommand command = new(
            "scale",
            "Start and stop workers on this machine by the work owed, as KEDA does on a cluster, until SIGTERM or Ctrl-C; needs a key with the scope workers",
            "ffb scale --max 2   # the workers take FFB_RABBITMQ, FFB_BLOB_ORIGIN and the rest from the environment",
            "ffb scale --max 4 --target 60 --cooldown 30 --window 30 -- --slots 1 --drain 120",
            "ffb scale --max 8 --dry-run --output-format json   # what it would do, a line of JSON for each look"
        );
        ServerOptions.AddTo(command);
        ScaleSettings.AddTo(command);
        command.Arguments.Add(ForWorkers);
        command.SetAction(async parsed => (int)await RunAsync(parsed, CommonOptions.Terminal(parsed)));
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        ScaleSettings settings = ScaleSettings.Read(parsed);
        using Interrupts interrupts = new(() => terminal.Note("Stopping; once more ends it at once."));
        using LocalWorkers? workers = settings.IsDryRun
            ? null
            : new LocalWorkers(
                WorkerArguments.Read(parsed.GetRequiredValue(ForWorkers)),
                MediaTools.Locate(),
                settings.Most,
                terminal,
                TimeProvider.System
            );
        using ApiConnection connection = ServerOptions.Connect(parsed, terminal);
        ScaleLoop loop = new(settings, connection, workers, TimeProvider.System, Teller(terminal));
        try
        {
            await loop.RunAsync(interrupts.Stop);
        }
        catch (OperationCanceledException) when (interrupts.Stop.IsCancellationRequested)
        {
            // To be stopped is how it ends well.
        }
        finally
        {
            if (workers is not null)
            {
                await workers.StopAllAsync();
            }
        }

        return ExitCode.Ok;
    }

    /// <summary>A line for each look to programs; to people one for each that brings news.</summary>
    private static Action<ScaleDecision> Teller(Terminal terminal)
    {
        ScaleDecision? last = null;
        return decision =>
        {
            if (terminal.IsJson)
            {
                terminal.Tell(decision);
            }
            else if (decision.IsNews(last) && !terminal.Options.Quiet)
            {
                terminal.Line(decision.ToString());
            }

            last = decision;
        };
    }
}
