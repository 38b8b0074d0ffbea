using System.CommandLine;
using System.CommandLine.Parsing;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>The options that <c>fuse</c> and <c>redact</c> share.</summary>
internal sealed class JobOptions
{
    public const int FewestChunkFrames = 8;
    public const int MostChunkFrames = 4800;
    public const int MostWorkers = 64;

    public Option<string> Target { get; } = TargetOption("The video or picture to work on");

    public Option<string> Output { get; } =
        new("--output", "-o")
        {
            Description =
                "Where the result goes: .mp4, .mov or .mkv (a picture: .png, .jpg or .webp); an existing file is replaced once the result is verified",
            Required = true,
            HelpName = "FILE",
        };

    public Option<int?> ChunkFrames { get; } =
        Number(
            "--chunk-frames",
            "Frames of a chunk (chosen by default); does not change the result",
            FewestChunkFrames,
            MostChunkFrames
        );

    public Option<int?> Workers { get; } =
        Number(
            "--workers",
            "Chunks worked on at a time (default: by cores); does not change the result",
            1,
            MostWorkers
        );

    public Option<string?> Work { get; } =
        new("--work")
        {
            Description =
                "Folder for unfinished work, kept afterwards (default: a hidden folder beside the output, removed at the end)",
            HelpName = "DIR",
        };

    public Option<int?> Crf { get; } =
        Number("--crf", "Constant quality, 0 (best) to 51 (63 for libsvtav1)", 0, RecipeRules.Encoders.Values.Max());

    public Option<string?> Preset { get; } =
        new("--preset")
        {
            Description = "The encoder's preset, such as medium; a number for libsvtav1",
            HelpName = "NAME",
        };

    public Option<string?> Encoder { get; } =
        new("--encoder")
        {
            Description = "Default: libx264, or libx265 for 10-bit and HDR targets",
            HelpName = string.Join('|', RecipeRules.Encoders.Keys),
        };

    public Option<bool> DryRun { get; } =
        new("--dry-run") { Description = "Check everything and show the plan, but do no work" };

    public void AddTo(Command command)
    {
        Encoder.AcceptOnlyFromAmong([.. RecipeRules.Encoders.Keys]);
        command.Options.Add(Target);
        command.Options.Add(Output);
        command.Options.Add(ChunkFrames);
        command.Options.Add(Workers);
        command.Options.Add(Work);
        command.Options.Add(Crf);
        command.Options.Add(Preset);
        command.Options.Add(Encoder);
        command.Options.Add(DryRun);
    }

    /// <summary>Encode settings of the recipe, overruled by what the command line says.</summary>
    public EncodeSettings Encode(ParseResult parsed, EncodeSettings recipe) =>
        recipe with
        {
            Encoder = parsed.GetValue(Encoder) ?? recipe.Encoder,
            Crf = parsed.GetValue(Crf) ?? recipe.Crf,
            Preset = parsed.GetValue(Preset) ?? recipe.Preset,
        };

    public static Option<string> TargetOption(string description) =>
        new("--target", "-t")
        {
            Description = description,
            Required = true,
            HelpName = "FILE",
        };

    private static Option<int?> Number(string name, string description, int lowest, int highest)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens is [Token token]
                && int.TryParse(token.Value, out int value)
                && (value < lowest || value > highest)
            )
            {
                result.AddError($"{name} must be {lowest} to {highest}.");
            }
        });
        return option;
    }
}
