using System.CommandLine;
using System.CommandLine.Completions;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>Which models do the work, for those who write no recipe: what the options say goes into the recipe's own fields.</summary>
internal sealed class ModelOptions
{
    private static readonly IReadOnlyDictionary<string, MaskType> MaskTypes = new Dictionary<string, MaskType>
    {
        ["box"] = MaskType.Box,
        ["occlusion"] = MaskType.Occlusion,
        ["area"] = MaskType.Area,
        ["region"] = MaskType.Region,
    };

    private readonly Option<string?> _model = Model(
        "--model",
        "The swap network (default: mesh, which needs no weights); `ffb models list --role fuser` shows them",
        "ID",
        "fuser"
    );

    private readonly Option<string?> _boost = new("--pixel-boost")
    {
        Description = "Swap networks: size of the crop that is swapped, a multiple of the model's own, such as 512x512",
        HelpName = "WxH",
    };

    private readonly Option<double?> _weight = new("--weight")
    {
        Description =
            "Swap networks, 0 to 1: below 0.5 the identity is mixed with the target's, above moved away from it",
        HelpName = "W",
    };

    private readonly Option<string?> _mask = new("--mask")
    {
        Description = "Swap networks: what of the crop is put back, several with commas between (default: box)",
        HelpName = string.Join(',', MaskTypes.Keys),
    };

    private readonly Option<string[]> _enhance = Models(
        "--enhance",
        "Restore faces, also without a source; BLEND is 0 to 100 (default: 80); give it several times for several",
        "ID[:BLEND]",
        "face-enhancer"
    );

    private readonly Option<string?> _expression = Model(
        "--expression",
        "Give faces the expression back that they had; FACTOR is 0 to 100 (default: 80)",
        "ID[:FACTOR]",
        "expression"
    );

    private readonly Option<string?> _detector = Model(
        "--detector",
        "What finds the faces, or many for three of them (default: the built-in one)",
        "ID",
        "detector",
        FaceFinding.Many
    );

    private readonly Option<string?> _landmarker = Model(
        "--landmarker",
        "What places the faces that --detector finds, or many for the better of two (default: 2dfan4)",
        "ID",
        "landmarks",
        FaceFinding.Many
    );

    public void AddTo(Command command)
    {
        _mask.CompletionSources.Add([.. MaskTypes.Keys]);
        _ = command.With(_model, _boost, _weight, _mask, _enhance, _expression, _detector, _landmarker);
    }

    /// <summary>Something is to be done that needs no face to put in, and nothing is said of a swap.</summary>
    public bool IsWithoutSwap(ParseResult parsed) =>
        !ChangesSwap(parsed)
        && (parsed.GetValue(_enhance) is { Length: > 0 } || parsed.GetValue(_expression) is not null);

    /// <summary>The recipe, overruled by what the command line says.</summary>
    /// <exception cref="InvalidRecipeException"><c>usage</c>: a value has another form, or has nothing that it could be said of.</exception>
    public Recipe Apply(ParseResult parsed, Recipe recipe)
    {
        List<ProcessorStep> steps = [.. recipe.Processors];
        if (ChangesSwap(parsed))
        {
            ChangeSwaps(parsed, steps);
        }

        // Behind the swap, in front of what is only drawn.
        if (parsed.GetValue(_expression) is { } expression)
        {
            (string id, int? factor) = Split("--expression", expression);
            ExpressionStep step = new() { Model = id };
            int at = steps.FindIndex(s => s is EnhanceStep or DebugStep);
            _ = steps.RemoveAll(s => s is ExpressionStep);
            steps.Insert(
                at < 0 ? steps.Count : Math.Min(at, steps.Count),
                factor is { } f ? step with { Factor = f } : step
            );
        }

        if (parsed.GetValue(_enhance) is { Length: > 0 } enhancers)
        {
            _ = steps.RemoveAll(s => s is EnhanceStep);
            int at = steps.FindIndex(s => s is DebugStep);
            steps.InsertRange(at < 0 ? steps.Count : at, enhancers.Select(Enhance));
        }

        return recipe with
        {
            Processors = steps,
            Finding = Finding(parsed, recipe.Finding),
        };
    }

    private bool ChangesSwap(ParseResult parsed) => parsed.GetValue(_model) is not null || IsOfNetworks(parsed);

    private bool IsOfNetworks(ParseResult parsed) =>
        parsed.GetValue(_boost) is not null
        || parsed.GetValue(_weight) is not null
        || parsed.GetValue(_mask) is not null;

    private void ChangeSwaps(ParseResult parsed, List<ProcessorStep> steps)
    {
        int? boost = parsed.GetValue(_boost) is { } size ? Edge(size) : null;
        MaskType[]? types = parsed.GetValue(_mask) is { } mask ? [.. mask.Split(',').Select(Type)] : null;
        bool isThere = false;
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i] is not SwapStep swap)
            {
                continue;
            }

            isThere = true;
            swap = swap with
            {
                Model = parsed.GetValue(_model) ?? swap.Model,
                PixelBoost = boost ?? swap.PixelBoost,
                Weight = parsed.GetValue(_weight) ?? swap.Weight,
                Mask = types is null ? swap.Mask : (swap.Mask ?? new MaskSettings()) with { Types = types },
            };
            if (swap.Model == SwapStep.Mesh && IsOfNetworks(parsed))
            {
                throw Setting.Wrong(
                    "--pixel-boost, --weight and --mask are of swap networks: name one with --model; `ffb models list --role fuser` shows them."
                );
            }

            steps[i] = swap;
        }

        if (!isThere)
        {
            throw Setting.Wrong("--model, --pixel-boost, --weight and --mask change a swap, and the recipe has none.");
        }
    }

    private FaceFinding? Finding(ParseResult parsed, FaceFinding? recipe)
    {
        (string? detector, string? landmarker) = (parsed.GetValue(_detector), parsed.GetValue(_landmarker));
        if (detector is null && landmarker is null)
        {
            return recipe;
        }

        FaceFinding finding = recipe ?? new FaceFinding();
        return finding with { Detector = detector ?? finding.Detector, Landmarker = landmarker ?? finding.Landmarker };
    }

    private static EnhanceStep Enhance(string text)
    {
        (string id, int? blend) = Split("--enhance", text);
        EnhanceStep step = new() { Model = id };
        return blend is { } percent ? step with { Blend = percent } : step;
    }

    private static (string Id, int? Percent) Split(string option, string text)
    {
        string[] parts = text.Split(':', 2);
        return parts is [{ Length: > 0 } id] ? (id, null)
            : parts is [{ Length: > 0 } named, { } number]
            && int.TryParse(number, out int percent)
            && percent is >= 0 and <= 100
                ? (named, percent)
            : throw Setting.Wrong(
                $"{option} {text} must be a model, or a model and a whole number from 0 to 100, such as gfpgan_1.4:60."
            );
    }

    private static int Edge(string text)
    {
        string[] sides = text.Split('x');
        return
            sides.Length is 1 or 2
            && sides.All(side => side == sides[0])
            && int.TryParse(sides[0], out int edge)
            && MaskRules.PixelBoosts.Contains(edge)
            ? edge
            : throw Setting.Wrong(
                $"--pixel-boost {text} must be one of {string.Join(", ", MaskRules.PixelBoosts.Select(e => $"{e}x{e}"))}."
            );
    }

    private static MaskType Type(string name) =>
        MaskTypes.TryGetValue(name.Trim(), out MaskType type)
            ? type
            : throw Setting.Wrong($"--mask {name}: there are {string.Join(", ", MaskTypes.Keys)}.");

    private static Option<string?> Model(
        string name,
        string description,
        string helpName,
        string role,
        params string[] others
    )
    {
        Option<string?> option = new(name) { Description = description, HelpName = helpName };
        option.CompletionSources.Add(_ => Ids(role, others));
        return option;
    }

    private static Option<string[]> Models(string name, string description, string helpName, string role)
    {
        Option<string[]> option = new(name) { Description = description, HelpName = helpName };
        option.CompletionSources.Add(_ => Ids(role, []));
        return option;
    }

    private static IEnumerable<CompletionItem> Ids(string role, string[] others)
    {
        try
        {
            return
            [
                .. ModelCatalog
                    .Load(Installation.ModelsFolder())
                    .Cards.Where(card =>
                        card.Role == role && (!card.IsBuiltIn || card.Id == SwapStep.Mesh) && card.Family != "fan-68-5"
                    )
                    .Select(card => card.Id)
                    .Concat(others)
                    .Select(id => new CompletionItem(id)),
            ];
        }
        catch (ModelException)
        {
            // Without a catalogue there is nothing to complete; the command itself says what is wrong.
            return [];
        }
    }
}
