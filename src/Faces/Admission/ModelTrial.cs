using System.Diagnostics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceFusion.Batch.Faces.Admission;

/// <param name="Name">As the model names it.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">As it came out, all axes closed.</param>
/// <param name="NonFinite">Elements that are infinite or no number.</param>
public sealed record TrialOutput(string Name, string Type, IReadOnlyList<long> Shape, long NonFinite);

/// <summary>What came of a model's first run.</summary>
/// <param name="LoadMilliseconds">Wall time until the session stood.</param>
/// <param name="RunMilliseconds">Wall time of one run on one thread.</param>
/// <param name="Outputs">In the model's order.</param>
public sealed record TrialReport(double LoadMilliseconds, double RunMilliseconds, IReadOnlyList<TrialOutput> Outputs);

/// <summary>
/// Loads an admitted model and runs it once, with zeros. For a process of its own that may crash, hang or run out of memory: admission
/// cannot foresee what the runtime does with a file.
/// </summary>
public static class ModelTrial
{
    /// <summary>Open axes of pictures of models whose family is not known: enough for any stride, and quick.</summary>
    private const long UnknownSize = 64;

    /// <param name="model">The bytes that were judged.</param>
    /// <param name="card">Whose family tells the lengths of open axes; null: 1, and 64 for pictures.</param>
    /// <param name="path">
    /// For models with data in files beside them: the runtime looks for those beside the file that it opened itself. Null: only the bytes
    /// count.
    /// </param>
    /// <exception cref="ModelException">
    /// <c>model-load</c>, <c>model-run</c>, <c>model-contract</c> (an output's shape is not its family's) or <c>resource-exhausted</c>.
    /// </exception>
    public static TrialReport Run(byte[] model, ModelCard? card = null, string? path = null)
    {
        FamilyContract? contract = card is null ? null : FamilyContracts.Find(card);
        (int width, int height) = contract is null ? (0, 0) : ContractRules.SizeOf(contract, card!);
        using SessionOptions options = InferenceRuntime.CpuOptions();
        long start = Stopwatch.GetTimestamp();
        using InferenceSession session = Guarded(
            "model-load",
            "loaded",
            () => path is null ? new InferenceSession(model, options) : new InferenceSession(path, options)
        );
        double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        List<OrtValue> inputs = [];
        try
        {
            foreach (string name in session.InputNames)
            {
                NodeMetadata metadata = session.InputMetadata[name];
                ShapePattern? due = contract?.Inputs.FirstOrDefault(input => input.Name == name)?.Shape;
                inputs.Add(Zeros(metadata, Shape(metadata, due, width, height)));
            }

            using RunOptions run = new();
            start = Stopwatch.GetTimestamp();
            using IDisposableReadOnlyCollection<OrtValue> results = Guarded(
                "model-run",
                "run",
                () => session.Run(run, session.InputNames, inputs, session.OutputNames)
            );
            double ran = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            TrialOutput[] outputs = [.. results.Select((value, i) => Outcome(session.OutputNames[i], value))];
            Compare(contract, width, height, outputs);
            return new TrialReport(load, ran, outputs);
        }
        finally
        {
            inputs.ForEach(value => value.Dispose());
        }
    }

    private static T Guarded<T>(string code, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (RuntimeFailure.IsOutOfMemory(e))
        {
            throw new ModelException(
                "resource-exhausted",
                $"It asks for more memory than it may have when it is {what}: use a smaller model, or a machine with more.",
                inner: e
            );
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(code, $"It cannot be {what} ({e.Message.ReplaceLineEndings(" ")}).", inner: e);
        }
    }

    private static long[] Shape(NodeMetadata metadata, ShapePattern? due, int width, int height)
    {
        int[] told = metadata.Dimensions;
        if (due is not null)
        {
            OnnxDimension[] axes = [.. told.Select(n => n > 0 ? new OnnxDimension(n) : new OnnxDimension(null))];
            return due.Closed(axes, width, height);
        }

        long unknown = told.Length == 4 ? UnknownSize : 1;
        return
        [
            .. told.Select(
                (n, i) =>
                    n > 0 ? n
                    : i == 0 ? 1
                    : i == 1 && told.Length == 4 ? 3
                    : unknown
            ),
        ];
    }

    private static OrtValue Zeros(NodeMetadata metadata, long[] shape) =>
        // The allocator's memory is not cleared.
        Cleared(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, metadata.ElementDataType, shape));

    private static OrtValue Cleared(OrtValue value)
    {
        value.GetTensorMutableRawData().Clear();
        return value;
    }

    private static TrialOutput Outcome(string name, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo told = value.GetTensorTypeAndShape();
        long nonFinite = told.ElementDataType switch
        {
            TensorElementType.Float => Count(value.GetTensorDataAsSpan<float>(), float.IsFinite),
            TensorElementType.Float16 => Count(value.GetTensorDataAsSpan<Float16>(), v => float.IsFinite((float)v)),
            TensorElementType.Double => Count(value.GetTensorDataAsSpan<double>(), double.IsFinite),
            _ => 0,
        };
        return new TrialOutput(name, told.ElementDataType.ToString(), told.Shape, nonFinite);
    }

    private static long Count<T>(ReadOnlySpan<T> values, Predicate<T> isFinite)
    {
        long others = 0;
        foreach (T value in values)
        {
            others += isFinite(value) ? 0 : 1;
        }

        return others;
    }

    private static void Compare(FamilyContract? contract, int width, int height, TrialOutput[] outputs)
    {
        for (int i = 0; contract is not null && i < contract.Outputs.Count; i++)
        {
            OutputContract due = contract.Outputs[i];
            TrialOutput? found = due.Name is null
                ? outputs.ElementAtOrDefault(i)
                : Array.Find(outputs, o => o.Name == due.Name);
            if (found is null || !due.Shape.Fits([.. found.Shape.Select(n => new OnnxDimension(n))], width, height))
            {
                throw new ModelException(
                    "model-contract",
                    $"Its output number {i + 1} came out as {string.Join(" × ", found?.Shape ?? [])}, and {due.Shape.ToText(width, height)} is due in the family {contract.Family}."
                );
            }
        }
    }
}
