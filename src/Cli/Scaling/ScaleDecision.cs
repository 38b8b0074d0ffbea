using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>One look at the fleet, and what came of it: a line of JSON for programs.</summary>
internal sealed record ScaleDecision
{
    public int SchemaVersion { get; } = Terminal.SchemaVersion;

    public required DateTimeOffset Time { get; init; }

    /// <summary>As the fleet said; left out: it did not answer, and the number of workers stays.</summary>
    public double? OwedSeconds { get; init; }

    /// <summary>Workers by the formula; left out where the fleet did not answer.</summary>
    public int? Desired { get; init; }

    /// <summary>Workers to run from now on, after window and cooldown.</summary>
    public required int Wanted { get; init; }

    /// <summary>Workers that run now, those just started among them; in a dry run those that would.</summary>
    public required int Running { get; init; }

    /// <summary>Workers that finish what they have in hand and then end.</summary>
    public required int Draining { get; init; }

    public IReadOnlyList<string> Started { get; init; } = [];

    /// <summary>Told to end.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>Those that have ended since the look before, whether they were told to or not.</summary>
    public IReadOnlyList<string> Ended { get; init; } = [];

    /// <summary>Why the fleet did not answer.</summary>
    public string? Trouble { get; init; }

    public required bool DryRun { get; init; }

    /// <summary>Something is another than at the look before.</summary>
    public bool IsNews(ScaleDecision? before) =>
        before is null
        || (Wanted, Running, Draining, Trouble) != (before.Wanted, before.Running, before.Draining, before.Trouble)
        || Started.Count + Stopped.Count + Ended.Count > 0;

    /// <summary>In one line for people.</summary>
    public override string ToString()
    {
        string owed = OwedSeconds is { } seconds ? FormattableString.Invariant($"{seconds:0.0} s owed") : "no answer";
        string draining = Draining > 0 ? $", {Draining} draining" : "";
        string moves = string.Concat(
            Named(DryRun ? "would start" : "started", Started),
            Named(DryRun ? "would stop" : "told to end", Stopped),
            Named("ended", Ended)
        );
        return $"{Time:HH:mm:ss}  {owed}  {Running} of {Wanted} workers{draining}{moves}";
    }

    private static string Named(string what, IReadOnlyList<string> names) =>
        names.Count > 0 ? $"; {what} {string.Join(", ", names)}" : "";
}
