using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Toolchain;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models report</c>: what every tool makes of models, without writing one.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new("MODEL")
        {
            Description = "ONNX files; without one, the models of this machine's models folder",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> images = ToolOptions.Images();
        ExampledCommand command = new(
            "report",
            "What optimize, fp16, batch and quantize make of models: nodes, bytes, difference and speed; writes no model",
            "ffb models report --images faces",
            "ffb models report inswapper_128.onnx --output-format json"
        )
        {
            files,
            images,
        };
        command.SetAction(parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            using Interrupts interrupts = new(() => { });
            List<TransformRow> rows = [];
            foreach (string path in parsed.GetValue(files) is { Length: > 0 } named ? named : BuiltIn())
            {
                ToolModel model = ToolModel.Open(path);
                rows.AddRange(
                    TransformTable.Rows(
                        model.Card?.Id ?? Path.GetFileNameWithoutExtension(path),
                        model.File,
                        model.Noise,
                        model.Inputs.TakesPictures ? model.Pictures(parsed.GetValue(images), interrupts.Stop) : []
                    )
                );
            }

            terminal.Answer(
                new { Terminal.SchemaVersion, Rows = rows },
                text => TransformTable.Markdown(rows).ToList().ForEach(text.Line)
            );
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string[] BuiltIn()
    {
        string folder = Installation.ModelsFolder();
        return
        [
            .. ModelCatalog
                .Load(folder)
                .Cards.Where(c => c.File?.EndsWith(".onnx", StringComparison.Ordinal) == true)
                .Select(c => Path.Combine(folder, c.File!))
                .Where(File.Exists),
        ];
    }
}
