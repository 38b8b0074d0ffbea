using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using FaceFusion.Batch.Faces.Toolchain.Optimising;

namespace FaceFusion.Batch.Faces.Toolchain.Batching;

/// <summary>Makes a batch of one that is written into a model open: axis N of inputs and outputs.</summary>
public static class BatchOpener
{
    /// <summary>Largest relative L2 between a sample run in a batch and alone.</summary>
    public const double Gate = 1e-5;

    private const string Symbol = "N";

    /// <param name="file">An ONNX file.</param>
    /// <exception cref="ModelException">
    /// <c>model-batch</c>: a node has the batch written into it, or mixes samples; the message names it. <c>model-format</c>,
    /// <c>model-unsupported</c>, <c>model-load</c>.
    /// </exception>
    public static byte[] Open(ReadOnlyMemory<byte> file)
    {
        OnnxModel model = ModelFile.Read(file);
        new ConstantNodes().Apply(model, []);
        BatchTrace trace = new(model);
        OpenInputs(model, trace);
        foreach (OnnxNode node in model.Graph.Nodes.ToArray())
        {
            BatchRules.Apply(node, trace);
        }

        OpenOutputs(model, trace);
        Values(model, trace);
        new DeadRemoval().Apply(model, []);
        return OnnxWriter.Write(model);
    }

    /// <summary>Runs the samples alone in <paramref name="file"/>, and alone and together in <paramref name="opened"/>.</summary>
    /// <returns>The differences of both ways, for each output.</returns>
    /// <exception cref="ModelException"><c>model-batch</c>: a sample comes out different; <c>model-run</c>.</exception>
    public static IReadOnlyList<OutputDifference> Verify(
        byte[] file,
        byte[] opened,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples
    )
    {
        using TensorSession alone = new(file);
        using TensorSession open = new(opened);
        // Settings are those of the whole run.
        HashSet<string> batched = [.. open.Inputs.Where(i => i.Shape is [{ Length: null }, _, ..]).Select(i => i.Name)];
        samples = [.. samples.Select(s => s.Select((t, i) => batched.Contains(t.Name) ? t : samples[0][i]).ToArray())];
        DifferenceSum[] sums = [.. alone.Outputs.Select(_ => new DifferenceSum())];
        List<IReadOnlyList<OnnxTensor>> expected = [.. samples.Select(alone.Run)];
        IReadOnlyList<OnnxTensor> single = open.Run(samples[0]);
        IReadOnlyList<OnnxTensor> together = RunTogether(open, samples, batched);
        for (int i = 0; i < sums.Length; i++)
        {
            double[] batch = TensorValues.Doubles(together[i]);
            sums[i].Add(TensorValues.Doubles(expected[0][i]), TensorValues.Doubles(single[i]));
            double[] one = [.. expected.SelectMany(outputs => TensorValues.Doubles(outputs[i]))];
            sums[i].Add(one, batch);
        }

        OutputDifference[] differences = [.. sums.Select((sum, i) => sum.ToDifference(alone.Outputs[i].Name))];
        return Array.Find(differences, d => !(d.RelativeL2 <= Gate)) is { } worst
            ? throw new ModelException(
                "model-batch",
                $"The batch cannot be opened: a sample of a batch of {samples.Count} comes out different from one run alone "
                    + $"(relative L2 {worst.RelativeL2:0.##e+0} at output {worst.Output}); nothing was written."
            )
            : differences;
    }

    private static IReadOnlyList<OnnxTensor> RunTogether(
        TensorSession open,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples,
        HashSet<string> batched
    )
    {
        OnnxTensor[] joined =
        [
            .. samples[0]
                .Select(
                    (tensor, i) =>
                        batched.Contains(tensor.Name) ? TensorValues.Joined([.. samples.Select(s => s[i])]) : tensor
                ),
        ];
        try
        {
            return open.Run(joined);
        }
        catch (ModelException e)
        {
            throw new ModelException(
                "model-batch",
                $"The batch cannot be opened: the model does not run with {samples.Count} samples at once ({e.Message}).",
                inner: e
            );
        }
    }

    private static void OpenInputs(OnnxModel model, BatchTrace trace)
    {
        for (int i = 0; i < model.Graph.Inputs.Count; i++)
        {
            OnnxValue input = model.Graph.Inputs[i];
            if (input.Shape is not { Count: > 1 } shape)
            {
                // A single number or a list is a setting of the whole run.
                continue;
            }

            if (shape[0].Length is not (1 or null))
            {
                throw new ModelException(
                    "model-batch",
                    $"The batch cannot be opened: input {input.Name} has a fixed first length of {shape[0]}, which is no batch of one."
                );
            }

            model.Graph.Inputs[i] = input with { Shape = [OnnxDimension.Open(Symbol), .. shape.Skip(1)] };
            trace.Mark(input.Name, 0);
        }
    }

    private static void OpenOutputs(OnnxModel model, BatchTrace trace)
    {
        for (int i = 0; i < model.Graph.Outputs.Count; i++)
        {
            OnnxValue output = model.Graph.Outputs[i];
            if (trace.Axis(output.Name) is not 0 && !trace.IsUnknown(output.Name))
            {
                throw new ModelException(
                    "model-batch",
                    $"The batch cannot be opened: output {output.Name} does not have the batch as its first axis."
                );
            }

            bool isOwn = trace.Axis(output.Name) is 0 && !trace.IsFolded(output.Name);
            model.Graph.Outputs[i] = output with
            {
                Shape = output.Shape is { Count: > 0 } shape
                    ? [OnnxDimension.Open(isOwn ? Symbol : ""), .. shape.Skip(1)]
                    : output.Shape,
            };
        }
    }

    private static void Values(OnnxModel model, BatchTrace trace)
    {
        OnnxValue[] told = [.. model.Graph.Values];
        model.Graph.Values.Clear();
        foreach (OnnxValue value in told)
        {
            if (trace.Axis(value.Name) is { } axis && !trace.IsFolded(value.Name) && value.Shape?.Count > axis)
            {
                OnnxDimension[] shape = [.. value.Shape];
                shape[axis] = OnnxDimension.Open(Symbol);
                model.Graph.Values.Add(value with { Shape = shape });
            }
            else if (!trace.IsBatched(value.Name) && !trace.IsUnknown(value.Name))
            {
                model.Graph.Values.Add(value);
            }
        }
    }
}
