using System.CommandLine;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>How the result is encoded: options of every command that orders one.</summary>
internal sealed class EncodeOptions
{
    private readonly Option<int?> _crf = JobOptions.Number(
        "--crf",
        "Constant quality, 0 (best) to 51 (63 for libsvtav1)",
        0,
        RecipeRules.Encoders.Values.Max()
    );

    private readonly Option<string?> _preset = new("--preset")
    {
        Description = "The encoder's preset, such as medium; a number for libsvtav1, p1 to p7 for NVIDIA's",
        HelpName = "NAME",
    };

    private readonly Option<string?> _encoder = new("--encoder")
    {
        Description =
            "Default: NVIDIA's where the GPU that models run on has one and no preset is set; else libx264, or libx265 for 10-bit and HDR targets",
        HelpName = string.Join('|', RecipeRules.Encoders.Keys),
    };

    public void AddTo(Command command)
    {
        _encoder.AcceptOnlyFromAmong([.. RecipeRules.Encoders.Keys]);
        command.Options.Add(_crf);
        command.Options.Add(_preset);
        command.Options.Add(_encoder);
    }

    /// <summary>Encode settings of the recipe, overruled by what the command line says.</summary>
    public EncodeSettings Read(ParseResult parsed, EncodeSettings recipe) =>
        recipe with
        {
            Encoder = parsed.GetValue(_encoder) ?? recipe.Encoder,
            Crf = parsed.GetValue(_crf) ?? recipe.Crf,
            Preset = parsed.GetValue(_preset) ?? recipe.Preset,
        };
}
