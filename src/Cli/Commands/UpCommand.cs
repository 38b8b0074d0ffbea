using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb up</c>: a fleet on this machine.</summary>
internal static class UpCommand
{
    private static readonly Option<bool> Services = new("--services")
    {
        Description =
            "One coordinator and some workers as processes of their own, on RabbitMQ, PostgreSQL and a blob store; starts those that do not run",
    };

    private static readonly Option<int> Workers = new("--workers")
    {
        Description = "With --services: how many worker processes",
        DefaultValueFactory = _ => 2,
        HelpName = "N",
    };

    public static Command Create()
    {
        ExampledCommand command = new(
            "up",
            "Run a fleet on this machine until Ctrl-C: in one process by default; unfinished jobs go on",
            "ffb up --work work",
            "ffb up --services --workers 4"
        );
        command.Options.Add(Services);
        command.Options.Add(Workers);
        Setting[] settings =
        [
            FleetOptions.Work,
            FleetOptions.Listen,
            FleetOptions.WebhookNetworks,
            FleetOptions.Usage,
            FleetOptions.SlotCount,
            FleetOptions.Device,
            FleetOptions.Batch,
            FleetOptions.Drain,
            FleetOptions.Otlp,
            FleetOptions.LogFormat,
        ];
        foreach (Setting setting in settings)
        {
            command.Options.Add(setting.Option);
        }

        command.SetAction(async parsed => (int)await RunAsync(parsed, CommonOptions.Terminal(parsed)));
        return command;
    }

    private static Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        int workers = parsed.GetValue(Workers);
        if (workers is < 1 or > ServicesUp.MostWorkers)
        {
            throw Setting.Wrong($"--workers must be 1 to {ServicesUp.MostWorkers}.");
        }

        return parsed.GetValue(Services)
            ? ServicesUp.RunAsync(parsed, workers, terminal)
            : EmbeddedUp.RunAsync(parsed, terminal);
    }
}
