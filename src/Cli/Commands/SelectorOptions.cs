using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>Which people are meant, as FaceFusion's face selector says it: what the options say goes into the recipe's <c>selector</c>.</summary>
internal sealed class SelectorOptions
{
    private readonly Option<string?> _select = Of<FaceSelectorMode>(
        "--select",
        "Who is meant: everybody who passes the filters, the first of them in --order, or who looks like a face of --reference-frame"
    );

    private readonly Option<string?> _order = Of<FaceOrder>(
        "--order",
        "The order of people, by place, size or score (default: large-small)"
    );

    private readonly Option<string?> _gender = Of<GenderFilter>(
        "--gender",
        "Only those whom the classifier takes for it; auto: that of the source"
    );

    private readonly Option<string?> _race = Of<RaceFilter>(
        "--race",
        "Only those whom the classifier takes for it; auto: that of the source"
    );

    private readonly Option<string?> _ages = new("--ages")
    {
        Description =
            "Only those whom the classifier takes for that old, from the first to the last year, such as 20-39",
        HelpName = "FROM-TO",
    };

    private readonly Option<int?> _frame = new("--reference-frame")
    {
        Description = "A frame of the target that shows who is meant (default: 0)",
        HelpName = "N",
    };

    private readonly Option<int?> _position = new("--reference-face")
    {
        Description = "Which face of that frame, in --order, from 0 (default: 0)",
        HelpName = "N",
    };

    private readonly Option<double?> _distance = new("--reference-distance")
    {
        Description = "How unlike that face somebody may look, 0 to 1 (default: 0.3)",
        HelpName = "D",
    };

    public void AddTo(Command command) =>
        _ = command.With(_select, _order, _gender, _race, _ages, _frame, _position, _distance);

    /// <summary>Something is said of who is meant.</summary>
    public bool AreGiven(ParseResult parsed) =>
        ((Option[])[_select, _order, _gender, _race, _ages, _frame, _position, _distance]).Any(option =>
            parsed.GetResult(option) is { Implicit: false }
        );

    /// <summary>The recipe's selector, overruled by what the command line says.</summary>
    /// <exception cref="InvalidRecipeException"><c>usage</c>: a value has another form, or nothing that it could be said of.</exception>
    public FaceSelector? Apply(ParseResult parsed, FaceSelector? recipe)
    {
        if (!AreGiven(parsed))
        {
            return recipe;
        }

        FaceSelector selector = recipe ?? new FaceSelector { Mode = FaceSelectorMode.Many };
        bool isOfReference =
            parsed.GetValue(_frame) is not null
            || parsed.GetValue(_position) is not null
            || parsed.GetValue(_distance) is not null;
        FaceSelectorMode mode =
            Value<FaceSelectorMode>(parsed, _select) ?? (isOfReference ? FaceSelectorMode.Reference : selector.Mode);
        if (isOfReference && mode != FaceSelectorMode.Reference)
        {
            throw Setting.Wrong(
                "--reference-frame, --reference-face and --reference-distance go with --select reference."
            );
        }

        (int? from, int? before) = parsed.GetValue(_ages) is { } ages
            ? Years(ages)
            : (selector.AgeStart, selector.AgeEnd);
        return selector with
        {
            Mode = mode,
            Order = Value<FaceOrder>(parsed, _order) ?? selector.Order,
            Gender = Value<GenderFilter>(parsed, _gender) ?? selector.Gender,
            Race = Value<RaceFilter>(parsed, _race) ?? selector.Race,
            AgeStart = from,
            AgeEnd = before,
            ReferenceFrame = parsed.GetValue(_frame) ?? selector.ReferenceFrame,
            ReferencePosition = parsed.GetValue(_position) ?? selector.ReferencePosition,
            ReferenceDistance = parsed.GetValue(_distance) ?? selector.ReferenceDistance,
        };
    }

    // The recipe's field is the year after the last; people name the last.
    private static (int? Start, int? End) Years(string text)
    {
        string[] parts = text.Split('-');
        return
            parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && first <= last
            && last <= 99
            ? (first, last + 1)
            : throw Setting.Wrong($"--ages {text} must be two years from 0 to 99 with a dash between, such as 20-39.");
    }

    // The words are those of the recipe's file, so its own reader knows them.
    private static T? Value<T>(ParseResult parsed, Option<string?> option)
        where T : struct, Enum => parsed.GetValue(option) is { } word ? Word<T>(word) : null;

    private static T Word<T>(string word)
        where T : struct, Enum => JsonValue.Create(word).Deserialize<T>();

    private static Option<string?> Of<T>(string name, string description)
        where T : struct, Enum
    {
        string[] words =
        [
            .. Enum.GetValues<T>().Select(value => JsonSerializer.SerializeToNode(value)!.GetValue<string>()),
        ];
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words) };
        _ = option.AcceptOnlyFromAmong(words);
        return option;
    }
}
