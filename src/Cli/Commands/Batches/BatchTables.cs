using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>Batches and their rows for people to read.</summary>
internal static class BatchTables
{
    public static void PrintList(Terminal terminal, IReadOnlyList<ApiBatch> batches)
    {
        if (batches.Count == 0)
        {
            terminal.Note("No batches.");
            return;
        }

        RowTable table = new("BATCH", "STATE", "ROWS", "SUBMITTED", "INVALID", "CREATED", "LABEL");
        foreach (ApiBatch batch in batches)
        {
            table.Add(
                [
                    batch.Id,
                    JobTables.NameOf(batch.State),
                    $"{batch.Rows.Total}",
                    $"{batch.Rows.Submitted}",
                    batch.Rows.Invalid > 0 ? $"{batch.Rows.Invalid}" : "",
                    JobTables.Time(batch.CreateTime),
                    Printable.Of(batch.Label ?? ""),
                ],
                batch.State switch
                {
                    BatchStep.Succeeded => Color.Green,
                    BatchStep.Failed or BatchStep.Refused => Color.Red,
                    BatchStep.Cancelled or BatchStep.Cancelling => Color.Yellow,
                    _ => Color.Aqua,
                }
            );
        }

        table.WriteTo(terminal);
    }

    public static void PrintOne(Terminal terminal, ApiBatch batch)
    {
        FactTable table = new();
        table.Add("batch", batch.Id);
        table.Add("state", JobTables.NameOf(batch.State));
        if (batch.Label is { } label)
        {
            table.Add("label", Printable.Of(label));
        }

        table.Add("rows", $"{batch.Rows.Total:N0}, {batch.Rows.Reused:N0} of them submitted before");
        foreach ((JobStep step, int count) in batch.Rows.Jobs ?? new Dictionary<JobStep, int>())
        {
            table.Add(JobTables.NameOf(step), $"{count:N0}");
        }

        if (batch.Rows.Invalid > 0)
        {
            table.Add("invalid", $"{batch.Rows.Invalid:N0}");
        }

        foreach (ApiRowError error in batch.Errors ?? [])
        {
            table.Add("error", Printable.Of($"line {error.Line} {error.Pointer}: {error.Detail} ({error.Code})"));
        }

        table.Add("created", JobTables.Time(batch.CreateTime));
        if (batch.FinishTime is { } end)
        {
            table.Add("finished", $"{JobTables.Time(end)}, after {StageProgress.Clock(end - batch.CreateTime)}");
        }

        table.WriteTo(terminal);
    }

    public static void PrintRows(Terminal terminal, IReadOnlyList<ApiBatchRow> rows)
    {
        RowTable table = new("LINE", "ID", "STATE", "JOB", "WHY");
        foreach (ApiBatchRow row in rows)
        {
            IEnumerable<string> errors = (row.Errors ?? []).Select(e => $"{e.Pointer}: {e.Detail} ({e.Code})");
            table.Add(
                [
                    $"{row.Line}",
                    Printable.Of(row.Id ?? ""),
                    row.State is { } state ? JobTables.NameOf(state)
                    : row.Job is null ? "invalid"
                    : "deleted",
                    row.Job ?? "",
                    Printable.Of(row.Failure?.Code ?? string.Join(' ', errors)),
                ],
                null
            );
        }

        table.WriteTo(terminal);
    }
}
