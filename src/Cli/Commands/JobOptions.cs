using System.CommandLine;
using System.CommandLine.Parsing;
using FaceFusion.Batch.Cli.Fleet;

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

    public Option<int?> ChunkFrames { get; } = ChunkFramesOption();

    public Option<int?> Workers { get; } =
        Number(
            "--workers",
            "Chunks worked on at a time (default: by cores and memory); does not change the result",
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

    public EncodeOptions Encode { get; } = new();

    public Option<bool> DryRun { get; } =
        new("--dry-run") { Description = "Check everything and show the plan, but do no work" };

    public void AddTo(Command command)
    {
        command.Options.Add(Target);
        command.Options.Add(Output);
        command.Options.Add(ChunkFrames);
        command.Options.Add(Workers);
        command.Options.Add(Work);
        command.Options.Add(FleetOptions.Device.Option);
        command.Options.Add(FleetOptions.Batch.Option);
        Encode.AddTo(command);
        command.Options.Add(UsageOption.Usage.Option);
        command.Options.Add(DryRun);
    }

    public static Option<int?> ChunkFramesOption() =>
        Number(
            "--chunk-frames",
            "Frames of a chunk (chosen by default); does not change the result",
            FewestChunkFrames,
            MostChunkFrames
        );

    public static Option<string> TargetOption(string description) =>
        new("--target", "-t")
        {
            Description = description,
            Required = true,
            HelpName = "FILE",
        };

    /// <summary>An option whose value is a whole number of a range.</summary>
    public static Option<int?> Number(string name, string description, int lowest, int highest)
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
