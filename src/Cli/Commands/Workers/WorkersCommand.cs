using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Workers;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Workers;

/// <summary><c>ffb workers</c>: who works. Needs a key with the scope <c>workers</c>.</summary>
internal static class WorkersCommand
{
    public static Command Create() =>
        new ExampledCommand(
            "workers",
            "Look at the workers of a fleet, and take them out of it; needs a key with the scope workers",
            "ffb workers list",
            "ffb workers drain gpu-7"
        )
        {
            List(),
            Set(
                "drain",
                "Have workers finish what they work on and take nothing more",
                "ffb workers drain gpu-7 gpu-8"
            ),
            Set("resume", "Have drained workers take work again", "ffb workers resume gpu-7"),
        };

    private static ExampledCommand List() =>
        FleetCommand.Create(
            "list",
            "Every worker that was heard of within a day",
            async session =>
            {
                ApiWorkerList all = await session.Jobs.Connection.AskAsync<ApiWorkerList>(
                    ApiCall.Get("v1/workers"),
                    default
                );
                session.Terminal.AnswerList("workers", all.Workers, text => Print(text, all.Workers));
                return ExitCode.Ok;
            },
            "ffb workers list",
            "ffb workers list --output-format jsonl | jq -r 'select(.state == \"LOST\").id'"
        );

    private static ExampledCommand Set(string action, string description, string example)
    {
        Argument<string[]> ids = new("WORKER")
        {
            Description = "What workers are called, as list shows it",
            Arity = ArgumentArity.OneOrMore,
        };
        return FleetCommand
            .Create(
                action,
                description,
                session =>
                    FleetCommand.EachAsync(
                        session.Terminal,
                        session.Get(ids),
                        async id =>
                        {
                            string path = $"v1/workers/{Uri.EscapeDataString(id)}:{action}";
                            ApiWorker worker = await session.Jobs.Connection.AskAsync<ApiWorker>(
                                ApiCall.Post(path) with
                                {
                                    IsRepeatable = true,
                                },
                                default
                            );
                            session.Terminal.AnswerOne(
                                worker,
                                text => text.Line($"{Printable.Of(worker.Id)}  {JobTables.NameOf(worker.State)}")
                            );
                        }
                    ),
                example
            )
            .With(ids);
    }

    private static void Print(Terminal terminal, IReadOnlyList<ApiWorker> workers)
    {
        if (workers.Count == 0)
        {
            terminal.Note("No worker was heard of within a day.");
            return;
        }

        RowTable table = new("WORKER", "STATE", "BUSY", "SLOTS", "LAST HEARD", "DEVICE");
        foreach (ApiWorker worker in workers)
        {
            string age = StageProgress.Clock(TimeSpan.FromSeconds(worker.HeartbeatAgeSeconds));
            table.Add(
                [
                    Printable.Of(worker.Id),
                    JobTables.NameOf(worker.State),
                    $"{worker.Busy}",
                    $"{worker.Slots}",
                    $"{age} ago",
                    worker.Device is null ? "–" : Printable.Of(worker.Device),
                ],
                worker.State switch
                {
                    WorkerStep.Live => Color.Green,
                    WorkerStep.Lost or WorkerStep.Blocked => Color.Red,
                    _ => Color.Yellow,
                }
            );
        }

        table.WriteTo(terminal);
    }
}
