using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Toolchain.Engines;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models engine</c>.</summary>
internal static class EngineCommand
{
    public static Command Create()
    {
        Argument<string> file = new("MODEL") { Description = "The ONNX file" };
        Option<string?> card = ToolOptions.Card();
        Option<string> cache = new("--cache")
        {
            Description = "Folder for engine and timing caches, the one that workers are given",
            DefaultValueFactory = _ => "engines",
            HelpName = "FOLDER",
        };
        Option<int> device = new("--gpu") { Description = "Number of the GPU", DefaultValueFactory = _ => 0 };
        Option<int> batch = new("--batch")
        {
            Description = "Largest batch that the engine takes, where the model's batch is open",
            DefaultValueFactory = _ => 1,
        };
        batch.Validators.Add(result =>
            ToolOptions.Require(result, value => value is >= 1 and <= 1024, "a number from 1 to 1024")
        );
        Option<bool> half = new("--fp16") { Description = "Layers may compute in half precision" };
        ExampledCommand command = new(
            "engine",
            "Build TensorRT's engine and timing caches beforehand, on a machine with the GPU of the workers",
            "ffb models engine inswapper_128.onnx --fp16 --cache /srv/engines"
        )
        {
            file,
            card,
            cache,
            device,
            batch,
            half,
        };
        command.SetAction(parsed =>
        {
            ToolModel model = ToolModel.Open(parsed.GetRequiredValue(file), parsed.GetValue(card));
            IReadOnlyList<string> files = EnginePreparer.Prepare(
                model.File,
                parsed.GetRequiredValue(cache),
                model.Noise[0],
                new EngineOptions
                {
                    Device = parsed.GetValue(device),
                    Batch = parsed.GetValue(batch),
                    Half = parsed.GetValue(half),
                }
            );
            CommonOptions
                .Terminal(parsed)
                .Answer(
                    new { Terminal.SchemaVersion, Files = files },
                    text => text.Line(files.Count > 0 ? string.Join('\n', files) : "The caches were there already.")
                );
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
