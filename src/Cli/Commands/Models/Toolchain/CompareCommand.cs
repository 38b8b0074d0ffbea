using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.Faces.Toolchain.Comparing;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary><c>ffb models compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Argument<string> a = new("A") { Description = "The model that is right" };
        Argument<string> b = new("B") { Description = "The model that should be as good" };
        Option<string?> images = ToolOptions.Images();
        Option<string?> card = ToolOptions.Card();
        Option<double?> gate = ToolOptions.Gate(ModelTransforms.ExactGate);
        ExampledCommand command = new(
            "compare",
            "Run two models of one contract on the same inputs: how far their outputs differ, and their speed",
            "ffb models compare model.onnx model_fp16.onnx --images faces --gate 1e-2"
        )
        {
            a,
            b,
            images,
            card,
            gate,
        };
        command.SetAction(parsed =>
            (int)Run(
                ToolModel.Open(parsed.GetRequiredValue(a), parsed.GetValue(card)),
                ToolModel.Read(parsed.GetRequiredValue(b)),
                parsed.GetValue(images),
                parsed.GetValue(gate) ?? ModelTransforms.ExactGate,
                CommonOptions.Terminal(parsed)
            )
        );
        return command;
    }

    private static ExitCode Run(ToolModel model, byte[] other, string? images, double gate, Terminal terminal)
    {
        using Interrupts interrupts = new(() => { });
        IReadOnlyList<IReadOnlyList<OnnxTensor>> pictures = model.Pictures(images, interrupts.Stop);
        Comparison comparison = ModelComparer.Compare(model.File, other, [.. model.Compared(pictures)]);
        var answer = ParityAnswer.Of(
            comparison,
            gate,
            ModelComparer.Speeds(model.File, other, pictures.Count > 0 ? pictures[0] : model.Noise[0])
        );
        terminal.Answer(
            new
            {
                Terminal.SchemaVersion,
                answer.Gate,
                answer.Passed,
                answer.Outputs,
                answer.Speeds,
            },
            text =>
            {
                answer.Print(text);
                text.Line("");
                text.Line(answer.Passed ? $"within {gate:0.####e+0}" : $"over the gate of {gate:0.####e+0}");
            }
        );
        return answer.Passed ? ExitCode.Ok : ExitCode.VerificationFailed;
    }
}
