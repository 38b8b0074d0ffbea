using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb coordinator</c>: one Coordinator of a fleet, until it is told to stop.</summary>
internal static class CoordinatorCommand
{
    public static Command Create()
    {
        ExampledCommand command = new(
            "coordinator",
            "Run a coordinator of a fleet on PostgreSQL, RabbitMQ and a blob store, until SIGTERM or Ctrl-C",
            "eng/services.sh up && set -a && . artifacts/services/services.env && ffb coordinator",
            "ffb coordinator --postgres \"$FFB_POSTGRES\" --rabbitmq amqp://user:password@broker/ --blobs \"$FFB_BLOBS\""
        );
        foreach (Setting setting in CoordinatorProcess.Settings)
        {
            command.Options.Add(setting.Option);
        }

        command.SetAction(async parsed =>
            (int)await CoordinatorProcess.RunAsync(parsed, CommonOptions.Terminal(parsed))
        );
        return command;
    }
}
