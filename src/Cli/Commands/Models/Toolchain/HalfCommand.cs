using System.CommandLine;
using FaceFusion.Batch.Faces.Toolchain;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models fp16</c>.</summary>
internal static class HalfCommand
{
    public static Command Create()
    {
        Argument<string> from = ToolOptions.In();
        Argument<string> to = ToolOptions.Out();
        Option<string?> images = ToolOptions.Images();
        Option<string?> card = ToolOptions.Card();
        Option<double?> gate = ToolOptions.Gate(ModelTransforms.HalfGate);
        Option<bool> keep = new("--keep-io")
        {
            Description = "Inputs and outputs stay in single precision; `--keep-io false` makes them half",
            DefaultValueFactory = _ => true,
        };
        ExampledCommand command = new(
            "fp16",
            "Weights and arithmetic in half precision, but for what half precision cannot hold",
            "ffb models fp16 inswapper_128.onnx inswapper_128_fp16.onnx",
            "ffb models fp16 model.onnx model_fp16.onnx --images faces --keep-io false"
        )
        {
            from,
            to,
            images,
            card,
            gate,
            keep,
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
                    (model, pictures) =>
                        ModelTransforms.Half(model.File, [.. model.Noise, .. pictures], parsed.GetValue(keep)),
                    CommonOptions.Terminal(parsed)
                )
        );
        return command;
    }
}
