using System.CommandLine;
using FaceFusion.Batch.Cli.Commands;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>What each worker is started with, looked at before the first one is.</summary>
/// <param name="Given">As they stood behind <c>--</c>.</param>
/// <param name="Drain">How long a worker may go on after it is told to end.</param>
/// <param name="Slots">Of each worker; null: not said.</param>
internal sealed record WorkerArguments(IReadOnlyList<string> Given, TimeSpan Drain, int? Slots)
{
    /// <exception cref="InvalidRecipeException">A worker would refuse them, or they cannot be the same for several.</exception>
    public static WorkerArguments Read(IReadOnlyList<string> given)
    {
        ParseResult parsed = WorkerCommand.Create().Parse(given);
        if (parsed.Errors is [var error, ..])
        {
            throw Setting.Wrong($"Behind --: {error.Message} `ffb worker --help` shows the options.");
        }

        foreach (Setting own in (Setting[])[FleetOptions.Name, FleetOptions.WorkerListen])
        {
            if (parsed.GetValue(own.Option) is not null)
            {
                throw Setting.Wrong($"{own.Option.Name} cannot be the same for several workers: leave it out.");
            }
        }

        _ = FleetOptions.ReadRabbitMq(parsed);
        _ = FleetOptions.BlobOrigin.Require(parsed);
        return new WorkerArguments(
            given,
            TimeSpan.FromSeconds(FleetOptions.ReadDrain(parsed)),
            FleetOptions.SlotCount.ReadCount(parsed, 1, JobOptions.MostWorkers)
        );
    }
}
