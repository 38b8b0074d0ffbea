using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Optimising;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary>What a tool was asked for.</summary>
internal sealed record TransformOrder(string In, string Out, string? Images, string? Card, double? Gate);

/// <summary>The way of every tool: read, change, compare, and write only what passed.</summary>
internal static class TransformRun
{
    /// <param name="order">Files and options.</param>
    /// <param name="change">Is given the model and its pictures.</param>
    /// <param name="judgedByPictures">The gate holds for pictures alone where there are some: ranges were calibrated on them.</param>
    /// <param name="terminal">For the answer.</param>
    /// <exception cref="ModelException"><c>parity-gate</c>: nothing was written.</exception>
    public static ExitCode Run(
        TransformOrder order,
        Func<ToolModel, IReadOnlyList<IReadOnlyList<OnnxTensor>>, ModelTransform> change,
        Terminal terminal,
        bool judgedByPictures = false
    )
    {
        using Interrupts interrupts = new(() => { });
        ToolModel model = ToolModel.Open(order.In, order.Card);
        IReadOnlyList<IReadOnlyList<OnnxTensor>> pictures = model.Pictures(order.Images, interrupts.Stop);
        ModelTransform made = change(model, pictures);
        double gate = order.Gate ?? made.Gate;
        Comparison comparison = ModelComparer.Compare(model.File, made.File, [.. model.Compared(pictures)]);
        comparison.Require(gate, judgedByPictures && pictures.Count > 0 ? "pictures" : null);
        Write(order.Out, made.File);
        TransformAnswer answer = new(
            Terminal.SchemaVersion,
            made.Kind,
            order.Out,
            ModelTransform.NodesOf(model.File),
            made.Nodes,
            model.File.Length,
            made.File.Length,
            made.Passes,
            made.Notes,
            ParityAnswer.Of(comparison, gate, ModelComparer.Speeds(model.File, made.File, model.Noise[0]))
        );
        terminal.Answer(answer, answer.Print);
        return ExitCode.Ok;
    }

    private static void Write(string path, byte[] file)
    {
        try
        {
            // A reader sees the old file or the whole new one.
            string part = path + ".part";
            File.WriteAllBytes(part, file);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                "output-write",
                $"The model {path} cannot be written ({e.Message.TrimEnd('.')}): name another file.",
                isTransient: false,
                e
            );
        }
    }
}

/// <summary>What a tool made.</summary>
internal sealed record TransformAnswer(
    int SchemaVersion,
    string Tool,
    string Output,
    int NodesBefore,
    int NodesAfter,
    long BytesBefore,
    long BytesAfter,
    IReadOnlyList<PassReport> Passes,
    IReadOnlyList<string> Notes,
    ParityAnswer Parity
)
{
    public void Print(Terminal terminal)
    {
        if (Passes.Count > 0)
        {
            RowTable passes = new("PASS", "NODES", "BYTES OF CONSTANTS");
            foreach (PassReport pass in Passes)
            {
                passes.Add(
                    [pass.Pass, Change(pass.NodesBefore, pass.NodesAfter), Change(pass.BytesBefore, pass.BytesAfter)],
                    null
                );
            }

            passes.WriteTo(terminal);
            terminal.Line("");
        }

        foreach (string note in Notes)
        {
            terminal.Line(note);
        }

        terminal.Line($"nodes {Change(NodesBefore, NodesAfter)}, file {Change(BytesBefore, BytesAfter)} bytes");
        terminal.Line("");
        Parity.Print(terminal);
        terminal.Line("");
        terminal.Line($"{Output} is written: relative L2 is within {Parity.Gate:0.####e+0}");
    }

    private static string Change(long before, long after) => before == after ? $"{after}" : $"{before} → {after}";
}
