using FaceFusion.Batch.Contracts.Errors;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>
/// One thread's buffers of a shared session: input and outputs live in pinned arrays that are bound once, so a run allocates nothing and
/// copies nothing. Batch size 1.
/// </summary>
internal sealed class BoundSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly List<OrtValue> _values = [];
    private readonly Dictionary<string, float[]> _outputs = [];
    private readonly string _name;

    public BoundSession(InferenceSession session, string name)
    {
        _session = session;
        _name = name;
        _binding = session.CreateIoBinding();
        string input = session.InputNames[0];
        Input = Allocate(session.InputMetadata[input], out OrtValue value);
        _binding.BindInput(input, value);
        foreach (string output in session.OutputNames)
        {
            _outputs[output] = Allocate(session.OutputMetadata[output], out value);
            _binding.BindOutput(output, value);
        }
    }

    public float[] Input { get; }

    /// <summary>The output with this name.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the model has no such output of <paramref name="length"/> values.</exception>
    public float[] Output(string name, int length) =>
        _outputs.TryGetValue(name, out float[]? values) && values.Length == length
            ? values
            : throw new ModelException(
                "model-shape",
                $"The {_name} model has no output {name} of {length} values; restore models/ from the release."
            );

    /// <exception cref="ModelException"><c>model-run</c>: inference failed; another try can help (memory).</exception>
    public void Run()
    {
        try
        {
            _session.RunWithBinding(_options, _binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                "model-run",
                $"The {_name} model failed: {e.Message}",
                isTransient: true,
                inner: e
            );
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (OrtValue value in _values)
        {
            value.Dispose();
        }

        _options.Dispose();
    }

    private float[] Allocate(NodeMetadata metadata, out OrtValue value)
    {
        long[] shape = [.. metadata.Dimensions.Select(size => (long)Math.Max(1, size))];
        float[] values = GC.AllocateArray<float>((int)shape.Aggregate(1L, (a, b) => a * b), pinned: true);
        value = OrtValue.CreateTensorValueFromMemory(values, shape);
        _values.Add(value);
        return values;
    }
}
