using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Coordinator.Submitting;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>The answer of <c>ffb scan</c>.</summary>
internal sealed record ScanAnswer
{
    public int SchemaVersion { get; init; } = Terminal.SchemaVersion;
    public required string Target { get; init; }
    public required int Frames { get; init; }
    public required int FramesScanned { get; init; }
    public required IReadOnlyList<SeenPerson> People { get; init; }
    public required string? Sheet { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    public static ScanAnswer Of(string target, ScanOutcome outcome, string? sheet, IReadOnlyList<string> warnings)
    {
        double framesPerSecond = outcome.Format.FrameRate.ToDouble();
        double At(int frame) => framesPerSecond > 0 && !outcome.Format.IsStill ? frame / framesPerSecond : 0;
        return new ScanAnswer
        {
            Target = target,
            Frames = outcome.FrameCount,
            FramesScanned = outcome.Scan.FramesScanned,
            People =
            [
                .. outcome.Scan.People.Select(p => new SeenPerson(
                    p.Number,
                    p.Sightings,
                    p.Size,
                    p.BestFrame,
                    p.Seen.Start,
                    p.Seen.End - 1,
                    At(p.Seen.Start),
                    At(p.Seen.End - 1)
                )),
            ],
            Sheet = sheet,
            Warnings = [.. warnings, .. outcome.Scan.Warnings],
        };
    }

    public void Print(Terminal terminal)
    {
        foreach (string warning in Warnings)
        {
            terminal.Note($"note: {warning}");
        }

        if (People.Count == 0)
        {
            terminal.Line($"Nobody was found in {FramesScanned:N0} frames that were looked at.");
            return;
        }

        Table table = new Table { Border = TableBorder.Simple }
            .AddColumn(new TableColumn("Person").RightAligned())
            .AddColumn(new TableColumn("Sightings").RightAligned())
            .AddColumn(new TableColumn("From").RightAligned())
            .AddColumn(new TableColumn("To").RightAligned())
            .AddColumn(new TableColumn("Height").RightAligned());
        foreach (SeenPerson person in People)
        {
            _ = table.AddRow(
                $"{person.Person}",
                $"{person.Sightings} of {FramesScanned}",
                JobProgress.Clock(TimeSpan.FromSeconds(person.FromSeconds)),
                JobProgress.Clock(TimeSpan.FromSeconds(person.ToSeconds)),
                $"{person.Size * 100:0} % of the picture"
            );
        }

        terminal.Tables.Write(table);
        if (Sheet is not null)
        {
            terminal.Line($"sheet   {Sheet}");
        }
    }
}

/// <summary>One person of a target.</summary>
/// <param name="Person">Number for <c>--map</c>.</param>
/// <param name="Sightings">Scanned frames in which the person was seen.</param>
/// <param name="Size">Mean height of the face as a share of the picture's, 0 to 1.</param>
/// <param name="BestFrame">The frame shown on the contact sheet.</param>
/// <param name="FromFrame">First scanned frame with the person.</param>
/// <param name="ToFrame">Last scanned frame with the person.</param>
/// <param name="FromSeconds">The same by the nominal frame rate.</param>
/// <param name="ToSeconds">The same by the nominal frame rate.</param>
internal sealed record SeenPerson(
    int Person,
    int Sightings,
    double Size,
    int BestFrame,
    int FromFrame,
    int ToFrame,
    double FromSeconds,
    double ToSeconds
);
