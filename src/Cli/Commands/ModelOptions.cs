using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>Which models swap and find, for those who write no recipe: what the options say goes into the recipe's own fields.</summary>
internal sealed class ModelOptions
{
    private static readonly IReadOnlyDictionary<string, MaskType> MaskTypes = new Dictionary<string, MaskType>
    {
        ["box"] = MaskType.Box,
        ["occlusion"] = MaskType.Occlusion,
        ["area"] = MaskType.Area,
        ["region"] = MaskType.Region,
    };

    private readonly Option<string?> _model = CatalogModels.Option(
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

    private readonly Option<string?> _detector = CatalogModels.Option(
        "--detector",
        "What finds the faces, or many for three of them (default: the built-in one)",
        "ID",
        "detector",
        FaceFinding.Many
    );

    private readonly Option<string?> _landmarker = CatalogModels.Option(
        "--landmarker",
        "What places the faces that --detector finds, or many for the better of two (default: 2dfan4)",
        "ID",
        "landmarks",
        FaceFinding.Many
    );

    public void AddTo(Command command)
    {
        _mask.CompletionSources.Add([.. MaskTypes.Keys]);
        _ = command.With(_model, _boost, _weight, _mask, _detector, _landmarker);
    }

    /// <summary>Something is said of a swap.</summary>
    public bool ChangesSwap(ParseResult parsed) => parsed.GetValue(_model) is not null || IsOfNetworks(parsed);

    /// <summary>The recipe, overruled by what the command line says.</summary>
    /// <exception cref="InvalidRecipeException"><c>usage</c>: a value has another form, or has nothing that it could be said of.</exception>
    public Recipe Apply(ParseResult parsed, Recipe recipe)
    {
        List<ProcessorStep> steps = [.. recipe.Processors];
        if (ChangesSwap(parsed))
        {
            ChangeSwaps(parsed, steps);
        }

        return recipe with
        {
            Processors = steps,
            Finding = Finding(parsed, recipe.Finding),
        };
    }

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
}
