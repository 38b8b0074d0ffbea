using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>What a command that speaks to a fleet has at hand.</summary>
internal sealed record FleetSession(ParseResult Parsed, Terminal Terminal, FleetJobs Jobs)
{
    /// <summary>Value of an option or argument.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => Parsed.GetRequiredValue(argument);
}

/// <summary>Makes commands that speak to a fleet over its HTTP API.</summary>
internal static class FleetCommand
{
    public static ExampledCommand Create(
        string name,
        string description,
        Func<FleetSession, Task<ExitCode>> run,
        params IReadOnlyList<string> examples
    )
    {
        ExampledCommand command = new(name, description, examples);
        ServerOptions.AddTo(command);
        command.SetAction(async parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            using ApiConnection connection = ServerOptions.Connect(parsed, terminal);
            return (int)await run(new FleetSession(parsed, terminal, new FleetJobs(connection)));
        });
        return command;
    }

    public static T With<T>(this T command, params IReadOnlyList<Symbol> symbols)
        where T : Command
    {
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Option option)
            {
                command.Options.Add(option);
            }
            else
            {
                command.Arguments.Add((Argument)symbol);
            }
        }

        return command;
    }

    /// <summary>Does the same for each id. Of one alone the failure is the command's; of several each is told, and the rest done.</summary>
    public static async Task<ExitCode> EachAsync(Terminal terminal, string[] ids, Func<string, Task> act)
    {
        if (ids.Length == 1)
        {
            await act(ids[0]);
            return ExitCode.Ok;
        }

        ExitCode exit = ExitCode.Ok;
        foreach (string id in ids.Distinct())
        {
            try
            {
                await act(id);
            }
            catch (ApiCallException e) when (e.Exit is ExitCode.NotFound or ExitCode.Conflict or ExitCode.Precheck)
            {
                terminal.Complain($"ffb: {Printable.Of(id)}: {e.Message} ({e.Code})");
                exit = ExitCode.SomeFailed;
            }
        }

        return exit;
    }
}
