using System.CommandLine;
using FaceFusion.Batch.Faces.Toolchain;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models optimize</c>.</summary>
internal static class OptimizeCommand
{
    public static Command Create()
    {
        Argument<string> from = ToolOptions.In();
        Argument<string> to = ToolOptions.Out();
        Option<string?> images = ToolOptions.Images();
        Option<string?> card = ToolOptions.Card();
        Option<double?> gate = ToolOptions.Gate(ModelTransforms.ExactGate);
        Option<bool> unpack = new("--unpack-half")
        {
            Description = "Fold and fuse weights kept in half precision too; the file grows by as much as they take",
        };
        ExampledCommand command = new(
            "optimize",
            "Fold constants, fuse, and remove what does nothing: the same results from fewer nodes",
            "ffb models optimize inswapper_128.onnx inswapper_128.small.onnx",
            "ffb models optimize model.onnx model.small.onnx --unpack-half --output-format json"
        )
        {
            from,
            to,
            images,
            card,
            gate,
            unpack,
        };
        command.SetAction(parsed =>
            (int)
                TransformRun.Run(
                    new TransformOrder(
                        parsed.GetRequiredValue(from),
                        parsed.GetRequiredValue(to),
                        parsed.GetValue(images),
                        parsed.GetValue(card),
                        parsed.GetValue(gate)
                    ),
                    (model, _) => ModelTransforms.Optimize(model.File, parsed.GetValue(unpack)),
                    CommonOptions.Terminal(parsed)
                )
        );
        return command;
    }
}
