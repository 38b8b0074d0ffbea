using System.CommandLine;
using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>An option that a variable of the environment can give as well; the option wins.</summary>
internal sealed class Setting
{
    private readonly string _variable;

    public Setting(string name, string variable, string helpName, string description)
    {
        _variable = variable;
        Option = new Option<string?>(name) { Description = $"{description} [{variable}]", HelpName = helpName };
    }

    public Option<string?> Option { get; }

    /// <summary>Null: given nowhere.</summary>
    public string? Read(ParseResult parsed) =>
        parsed.GetValue(Option) is { Length: > 0 } given ? given
        : Environment.GetEnvironmentVariable(_variable) is { Length: > 0 } set ? set
        : null;

    /// <exception cref="InvalidRecipeException">It is given nowhere.</exception>
    public string Require(ParseResult parsed) =>
        Read(parsed) ?? throw Wrong($"{Option.Name} is missing: give it, or set {_variable}.");

    /// <exception cref="InvalidRecipeException">It is no number of the range.</exception>
    public double? ReadNumber(ParseResult parsed, double lowest, double highest)
    {
        if (Read(parsed) is not { } text)
        {
            return null;
        }

        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value >= lowest
            && value <= highest
            ? value
            : throw Wrong($"{Option.Name} ({_variable}) must be a number from {lowest} to {highest}.");
    }

    /// <exception cref="InvalidRecipeException">It is no whole number of the range.</exception>
    public int? ReadCount(ParseResult parsed, int lowest, int highest)
    {
        double? value = ReadNumber(parsed, lowest, highest);
        return value is null || value == Math.Floor(value.Value)
            ? (int?)value
            : throw Wrong($"{Option.Name} ({_variable}) must be a whole number from {lowest} to {highest}.");
    }

    public static InvalidRecipeException Wrong(string sentence) => new("usage", sentence);
}
