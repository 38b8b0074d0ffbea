using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>What else is done to faces and frames, a step of the recipe each; those of a kind take the place of the recipe's.</summary>
internal sealed class StepOptions
{
    private readonly Option<string?> _expression = CatalogModels.Option(
        "--expression",
        "Give faces the expression back that they had; FACTOR is 0 to 100 (default: 80)",
        "ID[:FACTOR]",
        "expression"
    );

    private readonly Option<string?> _age = CatalogModels.Option(
        "--age",
        "Make faces younger (below 0) or older; DIRECTION is -100 to 100",
        "ID:DIRECTION",
        "age"
    );

    private readonly Option<string[]> _enhance = CatalogModels.OptionOfSeveral(
        "--enhance",
        "Restore faces, also without a source; BLEND is 0 to 100 (default: 80); give it several times for several",
        "ID[:BLEND]",
        "face-enhancer"
    );

    private readonly Option<string?> _upscale = CatalogModels.Option(
        "--upscale",
        "Enlarge whole frames, also without a source; SCALE is 1, 2, 4 or 8 (default: the model's own)",
        "ID[:SCALE]",
        "frame-enhancer"
    );

    public void AddTo(Command command) => _ = command.With(_expression, _age, _enhance, _upscale);

    /// <summary>Something is to be done that needs no face to put in.</summary>
    public bool AreGiven(ParseResult parsed) =>
        parsed.GetValue(_expression) is not null
        || parsed.GetValue(_age) is not null
        || parsed.GetValue(_enhance) is { Length: > 0 }
        || parsed.GetValue(_upscale) is not null;

    /// <summary>The recipe's steps with these among them: behind the swap, in front of what is only drawn; enlarging comes last.</summary>
    /// <exception cref="InvalidRecipeException"><c>usage</c>: a value has another form.</exception>
    public IReadOnlyList<ProcessorStep> Apply(ParseResult parsed, IReadOnlyList<ProcessorStep> recipe)
    {
        List<ProcessorStep> steps = [.. recipe];
        if (parsed.GetValue(_expression) is { } expression)
        {
            Put<ExpressionStep>(steps, [Expression(expression)]);
        }

        if (parsed.GetValue(_age) is { } age)
        {
            Put<AgeStep>(steps, [Age(age)]);
        }

        if (parsed.GetValue(_enhance) is { Length: > 0 } enhancers)
        {
            Put<EnhanceStep>(steps, enhancers.Select(Enhance));
        }

        if (parsed.GetValue(_upscale) is { } upscale)
        {
            Put<UpscaleStep>(steps, [Upscale(upscale)]);
        }

        return steps;
    }

    private static void Put<T>(List<ProcessorStep> steps, IEnumerable<T> placed)
        where T : ProcessorStep
    {
        List<T> ofKind = [.. placed];
        _ = steps.RemoveAll(step => step is T);
        int at = steps.FindIndex(step => Place(step) > Place(ofKind[0]));
        steps.InsertRange(at < 0 ? steps.Count : at, ofKind);
    }

    private static int Place(ProcessorStep step) =>
        step switch
        {
            ExpressionStep => 1,
            AgeStep => 2,
            EnhanceStep => 3,
            DebugStep => 4,
            UpscaleStep => 5,
            _ => 0,
        };

    private static ExpressionStep Expression(string text)
    {
        (string id, int? factor) = Percent("--expression", text);
        ExpressionStep step = new() { Model = id };
        return factor is { } percent ? step with { Factor = percent } : step;
    }

    private static EnhanceStep Enhance(string text)
    {
        (string id, int? blend) = Percent("--enhance", text);
        EnhanceStep step = new() { Model = id };
        return blend is { } percent ? step with { Blend = percent } : step;
    }

    private static AgeStep Age(string text) =>
        Split(text) is ({ } id, { } direction) && direction is >= -100 and <= 100
            ? new AgeStep { Model = id, Direction = direction }
            : throw Setting.Wrong(
                $"--age {text} must be a model and a whole number from -100 to 100, such as styleganex_age:-30."
            );

    private static UpscaleStep Upscale(string text) =>
        Split(text) is ({ } id, var scale) && scale is null or 1 or 2 or 4 or 8
            ? new UpscaleStep { Model = id, OutputScale = scale }
            : throw Setting.Wrong(
                $"--upscale {text} must be a model, or a model and 1, 2, 4 or 8, such as span_kendata_x4:2."
            );

    private static (string Id, int? Percent) Percent(string option, string text) =>
        Split(text) is ({ } id, var percent) && percent is null or (>= 0 and <= 100)
            ? (id, percent)
            : throw Setting.Wrong(
                $"{option} {text} must be a model, or a model and a whole number from 0 to 100, such as gfpgan_1.4:60."
            );

    // No id: the text has another form.
    private static (string? Id, int? Number) Split(string text)
    {
        string[] parts = text.Split(':', 2);
        return parts[0].Length == 0 ? (null, null)
            : parts.Length == 1 ? (parts[0], null)
            : int.TryParse(parts[1], out int number) ? (parts[0], number)
            : (null, null);
    }
}
