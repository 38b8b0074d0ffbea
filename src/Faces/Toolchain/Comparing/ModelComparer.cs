using System.Diagnostics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Toolchain.Comparing;

/// <summary>Inputs of one kind, for both models.</summary>
/// <param name="Kind"><c>random</c> or <c>pictures</c>.</param>
/// <param name="Samples">Each is one value for every input.</param>
public sealed record ComparedInputs(string Kind, IReadOnlyList<IReadOnlyList<OnnxTensor>> Samples);

/// <summary>What one kind of input showed.</summary>
public sealed record InputDifferences(string Kind, int Samples, IReadOnlyList<OutputDifference> Outputs);

/// <summary>Time of one run of each model; null where the provider does not take it.</summary>
/// <param name="Provider">The runtime's name of it.</param>
/// <param name="FirstMilliseconds">The best of nine runs: what else the machine did is least in it.</param>
/// <param name="SecondMilliseconds">Likewise, taken in turns with the first.</param>
/// <param name="Refusal">Why there are no times.</param>
public sealed record ProviderSpeed(
    string Provider,
    double? FirstMilliseconds,
    double? SecondMilliseconds,
    string? Refusal
);

public sealed record Comparison(IReadOnlyList<InputDifferences> Inputs)
{
    /// <summary>The largest relative L2 of any output over any kind of input.</summary>
    public double Worst => Inputs.SelectMany(i => i.Outputs).Max(o => o.RelativeL2);

    /// <summary>The least cosine.</summary>
    public double LeastCosine => Inputs.SelectMany(i => i.Outputs).Min(o => o.Cosine);

    /// <param name="gate">Largest relative L2 that is let through.</param>
    /// <param name="kind">Judge by inputs of this kind alone; null: by all.</param>
    /// <exception cref="ModelException"><c>parity-gate</c>: the worst relative L2 is over the gate.</exception>
    public void Require(double gate, string? kind = null)
    {
        (InputDifferences inputs, OutputDifference worst) = Inputs
            .Where(i => kind is null || i.Kind == kind)
            .SelectMany(i => i.Outputs.Select(o => (i, o)))
            .MaxBy(pair => pair.o.RelativeL2);
        if (worst.RelativeL2 <= gate)
        {
            return;
        }

        throw new ModelException(
            "parity-gate",
            $"The models differ: relative L2 {worst.RelativeL2:0.##e+0} at output {worst.Output} over {inputs.Kind} inputs, "
                + $"more than the gate {gate:0.##e+0}; nothing was written: raise it with --gate only if that is good enough."
        );
    }
}

/// <summary>Runs two models on the same inputs.</summary>
public static class ModelComparer
{
    private const int TimedRuns = 9;

    /// <summary>Differences of all outputs, which both models name alike; a type of lower precision on one side is converted.</summary>
    /// <exception cref="ModelException"><c>model-load</c>, <c>model-run</c>; <c>model-contract</c>: inputs or outputs are not the same.</exception>
    public static Comparison Compare(byte[] first, byte[] second, params IReadOnlyList<ComparedInputs> inputs)
    {
        using TensorSession a = new(first);
        using TensorSession b = new(second);
        RequireSameNames("inputs", a.Inputs, b.Inputs);
        RequireSameNames("outputs", a.Outputs, b.Outputs);
        return new Comparison([.. inputs.Select(kind => Compare(a, b, kind))]);
    }

    /// <summary>Times of both models on every provider that the runtime lists, on one sample.</summary>
    public static IReadOnlyList<ProviderSpeed> Speeds(byte[] first, byte[] second, IReadOnlyList<OnnxTensor> sample) =>
        [.. InferenceRuntime.Providers().Select(provider => Speed(provider, first, second, sample))];

    internal static OnnxTensor[] Converted(IReadOnlyList<OnnxTensor> sample, IReadOnlyList<OnnxValue> inputs) =>
        [.. sample.Select(t => TensorValues.To(t, inputs.First(i => i.Name == t.Name).Type))];

    private static InputDifferences Compare(TensorSession a, TensorSession b, ComparedInputs inputs)
    {
        string[] names = [.. a.Outputs.Select(o => o.Name)];
        DifferenceSum[] sums = [.. names.Select(_ => new DifferenceSum())];
        foreach (IReadOnlyList<OnnxTensor> sample in inputs.Samples)
        {
            IReadOnlyList<OnnxTensor> first = a.Run(Converted(sample, a.Inputs));
            ILookup<string, OnnxTensor> second = b.Run(Converted(sample, b.Inputs)).ToLookup(t => t.Name);
            for (int i = 0; i < names.Length; i++)
            {
                OnnxTensor other = second[names[i]].First();
                sums[i].Add(TensorValues.Doubles(first[i]), TensorValues.Doubles(other));
            }
        }

        return new InputDifferences(
            inputs.Kind,
            inputs.Samples.Count,
            [.. names.Select((name, i) => sums[i].ToDifference(name))]
        );
    }

    /// <summary>The provider's first device, with the options that it has everywhere; what it lacks is left to the CPU.</summary>
    /// <exception cref="NotSupportedException">No device of the house is of this kind.</exception>
    private static SessionOptions Options(string provider) =>
        Provider.All.FirstOrDefault(known => known.RuntimeName == provider) is { } device
            ? ProviderRoutes.Open(new DeviceWish(device), ProviderOptions.FromEnvironment(), isWhole: false)
            : throw new NotSupportedException($"{provider} is not tried");

    private static ProviderSpeed Speed(string provider, byte[] first, byte[] second, IReadOnlyList<OnnxTensor> sample)
    {
        try
        {
            using SessionOptions options = Options(provider);
            using TensorSession a = new(first, options);
            using TensorSession b = new(second, options);
            OnnxTensor[] forA = Converted(sample, a.Inputs);
            OnnxTensor[] forB = Converted(sample, b.Inputs);
            double[] timesA = new double[TimedRuns];
            double[] timesB = new double[TimedRuns];
            _ = a.Run(forA);
            _ = b.Run(forB);
            for (int i = 0; i < TimedRuns; i++)
            {
                timesA[i] = Time(a, forA);
                timesB[i] = Time(b, forB);
            }

            return new ProviderSpeed(provider, timesA.Min(), timesB.Min(), null);
        }
        catch (Exception e)
            when (e is OnnxRuntimeException or ModelException or NotSupportedException or EntryPointNotFoundException)
        {
            // A provider in the list may lack its driver here; the table says so in its row.
            return new ProviderSpeed(provider, null, null, e.Message.ReplaceLineEndings(" "));
        }
    }

    private static double Time(TensorSession session, OnnxTensor[] sample)
    {
        long start = Stopwatch.GetTimestamp();
        _ = session.Run(sample);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void RequireSameNames(string what, IReadOnlyList<OnnxValue> a, IReadOnlyList<OnnxValue> b)
    {
        string first = string.Join(", ", a.Select(v => v.Name).Order(StringComparer.Ordinal));
        string second = string.Join(", ", b.Select(v => v.Name).Order(StringComparer.Ordinal));
        if (first != second)
        {
            throw new ModelException(
                "model-contract",
                $"The models have different {what} ({first} and {second}): only models of one contract can be compared."
            );
        }
    }
}
