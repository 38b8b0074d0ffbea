using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb worker</c>: one Worker of a fleet, until it is told to stop.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        ExampledCommand command = new(
            "worker",
            "Run a worker of a fleet, until SIGTERM or Ctrl-C; it needs the broker alone, no database and no storage key",
            "ffb worker --rabbitmq amqp://user:password@broker/ --blob-origin https://account.blob.core.windows.net",
            "ffb worker --slots 8 --device cuda:1",
            "ffb worker --slots 4   # the rest from FFB_RABBITMQ and FFB_BLOB_ORIGIN"
        );
        foreach (Setting setting in WorkerProcess.Settings)
        {
            command.Options.Add(setting.Option);
        }

        command.SetAction(async parsed => (int)await WorkerProcess.RunAsync(parsed, CommonOptions.Terminal(parsed)));
        return command;
    }
}
