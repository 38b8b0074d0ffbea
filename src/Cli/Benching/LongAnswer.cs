using System.Text.Json.Serialization;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>One look at this process during a long run.</summary>
/// <param name="Seconds">Since the run began.</param>
/// <param name="Done">Frames or jobs that are done.</param>
/// <param name="Mebibytes">Resident memory of this process, without its children.</param>
/// <param name="ManagedMebibytes">What the runtime's heap holds, garbage included.</param>
/// <param name="Threads">Of this process.</param>
/// <param name="Handles">Open file descriptors; 0 where the system does not tell.</param>
internal sealed record LongLook(
    double Seconds,
    int Done,
    double Mebibytes,
    double ManagedMebibytes,
    int Threads,
    int Handles
);

/// <summary>What <c>ffb bench --long</c> and <c>--jobs</c> say.</summary>
internal sealed record LongAnswer
{
    public int SchemaVersion { get; init; } = Terminal.SchemaVersion;

    /// <summary><c>frames</c> of one job, or <c>jobs</c>.</summary>
    public required string Unit { get; init; }

    public required int Wanted { get; init; }

    /// <summary>Less than <see cref="Wanted"/> where the time ran out: what follows is of these alone, and nothing is extrapolated.</summary>
    public required int Done { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Units a second over the second quarter of <see cref="Run"/>, and over its last.</summary>
    public required double RateThen { get; init; }
    public required double RateNow { get; init; }

    /// <summary>The greatest of the second quarter, which is after all has warmed up, and of the last.</summary>
    public required LongLook Then { get; init; }
    public required LongLook Now { get; init; }

    public required IReadOnlyList<LongLook> Looks { get; init; }

    /// <summary>The looks until all was done: what a job does after its last frame has no rate. All of them where it never was.</summary>
    [JsonIgnore]
    public IReadOnlyList<LongLook> Run => RunOf(Looks, Wanted);

    /// <param name="unit">As <see cref="Unit"/>.</param>
    /// <param name="wanted">As <see cref="Wanted"/>.</param>
    /// <param name="looks">At least one, in time's order.</param>
    public static LongAnswer Of(string unit, int wanted, IReadOnlyList<LongLook> looks)
    {
        LongLook[] run = RunOf(looks, wanted);
        return new LongAnswer
        {
            Unit = unit,
            Wanted = wanted,
            Done = looks[^1].Done,
            Seconds = looks[^1].Seconds,
            RateThen = Rate(Second(run)),
            RateNow = Rate(Last(run)),
            Then = Greatest(Second(looks)),
            Now = Greatest(Last(looks)),
            Looks = looks,
        };
    }

    private static LongLook[] RunOf(IReadOnlyList<LongLook> looks, int wanted) =>
        [.. looks.Take(1 + looks.TakeWhile(look => look.Done < wanted).Count())];

    private static LongLook[] Second(IReadOnlyList<LongLook> looks) =>
        [.. looks.Skip(looks.Count / 4).Take((looks.Count / 4) + 1)];

    private static LongLook[] Last(IReadOnlyList<LongLook> looks) =>
        [.. looks.Skip(looks.Count - 1 - (looks.Count / 4))];

    private static double Rate(LongLook[] looks)
    {
        double seconds = looks[^1].Seconds - looks[0].Seconds;
        return seconds > 0 ? (looks[^1].Done - looks[0].Done) / seconds : 0;
    }

    private static LongLook Greatest(LongLook[] looks) =>
        new(
            looks[^1].Seconds,
            looks[^1].Done,
            looks.Max(l => l.Mebibytes),
            looks.Max(l => l.ManagedMebibytes),
            looks.Max(l => l.Threads),
            looks.Max(l => l.Handles)
        );
}
