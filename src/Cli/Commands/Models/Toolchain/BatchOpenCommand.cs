using System.CommandLine;
using FaceFusion.Batch.Faces.Toolchain;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models batch</c>.</summary>
internal static class BatchOpenCommand
{
    public static Command Create()
    {
        Argument<string> from = ToolOptions.In();
        Argument<string> to = ToolOptions.Out();
        Option<string?> card = ToolOptions.Card();
        ExampledCommand command = new(
            "batch",
            "Open a batch of one that is written into a model, where no node mixes its samples",
            "ffb models batch arcface_w600k_r50.onnx arcface_batch.onnx"
        )
        {
            from,
            to,
            card,
        };
        command.SetAction(parsed =>
            (int)
                TransformRun.Run(
                    new TransformOrder(
                        parsed.GetRequiredValue(from),
                        parsed.GetRequiredValue(to),
                        null,
                        parsed.GetValue(card),
                        null
                    ),
                    (model, _) => ModelTransforms.Batch(model.File, model.Noise),
                    CommonOptions.Terminal(parsed)
                )
        );
        return command;
    }
}
