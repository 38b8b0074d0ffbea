using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.Faces.Toolchain.Quantising;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models quantize</c>.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        Argument<string> from = ToolOptions.In();
        Argument<string> to = ToolOptions.Out();
        Option<string?> images = ToolOptions.Images();
        Option<string?> card = ToolOptions.Card();
        Option<double?> gate = ToolOptions.Gate(ModelTransforms.WholeGate);
        Option<double> percentile = new("--percentile")
        {
            Description =
                "Part of each sample's values that a range covers, over 50 to 100 per cent; 100: least and largest",
            DefaultValueFactory = _ => 100,
            HelpName = "PERCENT",
        };
        percentile.Validators.Add(result =>
            ToolOptions.Require(result, value => value is > 50 and <= 100, "a number over 50, and 100 at most")
        );
        Option<string> activations = new("--activations")
        {
            Description = "Values between nodes: unsigned with a zero of their own, or signed around 0",
            DefaultValueFactory = _ => "uint8",
            HelpName = "uint8|int8",
        };
        activations.AcceptOnlyFromAmong("uint8", "int8");
        Option<bool> full = new("--full-range")
        {
            Description = "Weights of 8 bits, not 7: overflows on processors with AVX2 and without VNNI",
        };
        Option<string[]> keep = new("--keep")
        {
            Description = "Name of a node that stays as it is; may be given several times",
            HelpName = "NODE",
        };
        ExampledCommand command = new(
            "quantize",
            "Static INT8: whole numbers around Conv, Gemm and MatMul, calibrated on pictures",
            "ffb models quantize model.onnx model_int8.onnx --images faces",
            "ffb models quantize model.onnx model_int8.onnx --images faces --percentile 99.99 --gate 0.2"
        )
        {
            from,
            to,
            images,
            card,
            gate,
            percentile,
            activations,
            full,
            keep,
        };
        command.SetAction(parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            QuantizeOptions options = new()
            {
                Percentile = parsed.GetValue(percentile),
                IsSymmetric = parsed.GetValue(activations) == "int8",
                IsFull = parsed.GetValue(full),
                Keep = parsed.GetValue(keep) ?? [],
            };
            if (parsed.GetValue(images) is null)
            {
                terminal.Note("Calibrated on noise: give --images, or ranges will not be those of pictures.");
            }

            return (int)
                TransformRun.Run(
                    new TransformOrder(
                        parsed.GetRequiredValue(from),
                        parsed.GetRequiredValue(to),
                        parsed.GetValue(images),
                        parsed.GetValue(card),
                        parsed.GetValue(gate)
                    ),
                    (model, pictures) =>
                        ModelTransforms.Quantize(model.File, pictures.Count > 0 ? pictures : model.Noise, options),
                    terminal,
                    judgedByPictures: true
                );
        });
        return command;
    }
}
