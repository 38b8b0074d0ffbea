using System.CommandLine;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb redact</c>: make every face unrecognisable.</summary>
internal sealed class RedactCommand
{
    private readonly JobOptions _job = new();

    private readonly Option<string?> _style = new("--style")
    {
        Description = "How faces are covered (default: blur)",
        HelpName = "blur|pixelate|solid",
    };

    private readonly Option<int?> _coverGaps = new("--cover-gaps")
    {
        Description = "Also cover up to N frames between two sightings of a face, 0 to 120 (default: 12)",
        HelpName = "N",
    };

    public static Command Create()
    {
        RedactCommand redact = new();
        redact._style.AcceptOnlyFromAmong("blur", "pixelate", "solid");
        ExampledCommand command = new(
            "redact",
            "Make every face in a video or picture unrecognisable",
            "ffb redact --target clip.mp4 --output out.mp4",
            "ffb redact --target clip.mp4 --output out.mp4 --style solid --cover-gaps 24"
        );
        redact._job.AddTo(command);
        command.Options.Add(redact._style);
        command.Options.Add(redact._coverGaps);
        command.SetAction(async parsed =>
            (int)
                await JobRun.RunAsync(
                    redact.Order(parsed),
                    CommonOptions.Terminal(parsed),
                    parsed.GetValue(redact._job.DryRun)
                )
        );
        return command;
    }

    internal JobOrder Order(ParseResult parsed)
    {
        RedactStep plain = new();
        RedactStep step = plain with
        {
            Style = parsed.GetValue(_style) switch
            {
                "pixelate" => RedactStyle.Pixelate,
                "solid" => RedactStyle.Solid,
                _ => RedactStyle.Blur,
            },
            CoverGaps = parsed.GetValue(_coverGaps) ?? plain.CoverGaps,
        };
        Recipe recipe = new()
        {
            Processors = [step],
            Faces = new FaceSelection { Mode = SelectionMode.All },
            Encode = _job.Encode.Read(parsed, new EncodeSettings()),
        };
        RecipeRules.Check(recipe);
        return new JobOrder
        {
            Target = parsed.GetRequiredValue(_job.Target),
            Output = parsed.GetRequiredValue(_job.Output),
            Sources = [],
            Recipe = recipe,
            ChunkFrames = parsed.GetValue(_job.ChunkFrames),
            Workers = parsed.GetValue(_job.Workers),
            Work = parsed.GetValue(_job.Work),
            Device = FleetOptions.ReadDevice(parsed),
        };
    }
}
