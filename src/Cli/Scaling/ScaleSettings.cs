using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>When <c>ffb scale</c> runs how many workers.</summary>
internal sealed record ScaleSettings
{
    /// <summary>More processes than this are not for one machine.</summary>
    public const int MostWorkers = 64;

    private const double LongestSeconds = 86_400;

    private static readonly Option<int> LeastOption = new("--min")
    {
        Description = "Never fewer workers",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };

    private static readonly Option<int> MostOption = new("--max")
    {
        Description = "Never more workers",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    // As deploy/k8s has it: a worker of two slots does 240 of them in two minutes.
    private static readonly Option<double> TargetOption = Seconds(
        "--target",
        240,
        "Seconds of work owed for each worker"
    );

    private static readonly Option<double> EveryOption = Seconds("--every", 15, "How often the fleet is asked");

    private static readonly Option<double> WindowOption = Seconds(
        "--window",
        300,
        "Fewer workers only after so many seconds in which no figure asked for more"
    );

    private static readonly Option<double> CooldownOption = Seconds(
        "--cooldown",
        300,
        "From one worker to none only after so many seconds without work"
    );

    private static readonly Option<bool> DryRunOption = new("--dry-run")
    {
        Description = "Say what would be done, and start nothing",
    };

    public required int Least { get; init; }

    public required int Most { get; init; }

    /// <summary>Owed seconds that justify one worker; more than 0.</summary>
    public required double TargetSeconds { get; init; }

    /// <summary>Between two looks; more than 0.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>The autoscaler's stabilisation window for scaling down; 0 is none.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>From one worker to none; 0 is at once.</summary>
    public required double CooldownSeconds { get; init; }

    /// <summary>Nothing is started.</summary>
    public required bool IsDryRun { get; init; }

    public static void AddTo(Command command)
    {
        foreach (
            Option option in (Option[])
                [LeastOption, MostOption, TargetOption, EveryOption, WindowOption, CooldownOption, DryRunOption]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="InvalidRecipeException">One is out of its range.</exception>
    public static ScaleSettings Read(ParseResult parsed)
    {
        int least = parsed.GetValue(LeastOption);
        int most = parsed.GetValue(MostOption);
        if (most is < 1 or > MostWorkers)
        {
            throw Setting.Wrong($"--max must be 1 to {MostWorkers}.");
        }

        if (least < 0 || least > most)
        {
            throw Setting.Wrong($"--min must be 0 to --max, which is {most}.");
        }

        return new ScaleSettings
        {
            Least = least,
            Most = most,
            TargetSeconds = Read(parsed, TargetOption, 0.1),
            Every = TimeSpan.FromSeconds(Read(parsed, EveryOption, 0.1)),
            WindowSeconds = Read(parsed, WindowOption, 0),
            CooldownSeconds = Read(parsed, CooldownOption, 0),
            IsDryRun = parsed.GetValue(DryRunOption),
        };
    }

    private static double Read(ParseResult parsed, Option<double> option, double lowest) =>
        parsed.GetValue(option) is var value && value >= lowest && value <= LongestSeconds
            ? value
            : throw Setting.Wrong($"{option.Name} must be {lowest} to {LongestSeconds} seconds.");

    private static Option<double> Seconds(string name, double value, string description) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => value,
            HelpName = "SECONDS",
        };
}
