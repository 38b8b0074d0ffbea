using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb help exit-codes</c>.</summary>
internal static class HelpCommand
{
    public static Command Create()
    {
        Command exitCodes = new("exit-codes", "What ffb returns to the shell");
        exitCodes.SetAction(parsed => Print(CommonOptions.Terminal(parsed)));
        Command help = new("help", "More help") { exitCodes };
        help.SetAction(parsed => CommandLine.Root().Parse("--help").Invoke(parsed.InvocationConfiguration));
        return help;
    }

    private static void Print(Terminal terminal) =>
        terminal.Answer(
            new
            {
                Terminal.SchemaVersion,
                ExitCodes = ExitCodes.Table.Select(row => new
                {
                    Code = (int)row.Code,
                    row.Name,
                    row.Meaning,
                }),
            },
            text =>
            {
                foreach ((ExitCode code, string name, string meaning) in ExitCodes.Table)
                {
                    text.Line($"{(int)code, 4}  {name, -20}  {meaning}");
                }
            }
        );
}
