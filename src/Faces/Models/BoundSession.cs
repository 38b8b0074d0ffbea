using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>
/// One thread's buffers of a shared session: inputs and outputs live in pinned memory that is bound once, so a run allocates nothing. Values of half precision are floats on this side. Where the session collects runs of many threads, one run is a row of
/// a batch: see <see cref="SessionBatcher"/>.
/// </summary>
internal sealed class BoundSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly Dictionary<string, BoundValue> _inputs = [];
    private readonly Dictionary<string, BoundValue> _outputs = [];
    private readonly string _name;
    private readonly SessionBatcher? _batcher;

    /// <param name="session">Shared by any number of these.</param>
    /// <param name="name">Of the model, for messages.</param>
    /// <param name="batch">Length of a first dimension that is open. Other open dimensions are 1 where no shape is given.</param>
    /// <param name="shapes">Shapes of inputs by name, for those with further open dimensions.</param>
    /// <exception cref="ModelException"><c>model-shape</c>: the model does not run on inputs of these shapes.</exception>
    public BoundSession(
        InferenceSession session,
        string name,
        int batch = 1,
        IReadOnlyDictionary<string, long[]>? shapes = null
    )
    {
        _session = session;
        _name = name;
        _binding = session.CreateIoBinding();
        foreach (string input in session.InputNames)
        {
            NodeMetadata metadata = session.InputMetadata[input];
            BoundValue value = new(metadata, shapes?.GetValueOrDefault(input) ?? Closed(metadata, batch));
            _inputs[input] = value;
            _binding.BindInput(input, value.Value);
        }

        IReadOnlyList<long[]> outputs = OutputShapes(batch, isTold: shapes is null);
        for (int i = 0; i < outputs.Count; i++)
        {
            string output = session.OutputNames[i];
            BoundValue value = new(session.OutputMetadata[output], outputs[i]);
            _outputs[output] = value;
            _binding.BindOutput(output, value.Value);
        }

        Rows = batch;
        _batcher = batch == 1 ? (session as DeviceSession)?.BatcherFor(name, IsRow) : null;
        _batcher?.Enter();
    }

    /// <summary>Length of the first dimension that was asked for.</summary>
    public int Rows { get; }

    private bool IsRow => _inputs.Values.Concat(_outputs.Values).All(v => v.Shape is [1, ..]);

    /// <summary>The first input.</summary>
    public float[] Input => _inputs[_session.InputNames[0]].Floats;

    public bool HasInput(string name) => _inputs.ContainsKey(name);

    /// <summary>The input with this name, of single or half precision.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the model has no such input.</exception>
    public float[] InputOf(string name) =>
        _inputs.TryGetValue(name, out BoundValue? value) ? value.Floats : throw Lacks($"input {name}");

    /// <summary>The input with this name, of double precision.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the model has no such input.</exception>
    public double[] DoublesOf(string name) =>
        _inputs.TryGetValue(name, out BoundValue? value) && value.Doubles is { } doubles
            ? doubles
            : throw Lacks($"input {name} of double precision");

    public IReadOnlyList<long> InputShape(string name) =>
        _inputs.TryGetValue(name, out BoundValue? value) ? value.Shape : throw Lacks($"input {name}");

    public int OutputCount => _session.OutputNames.Count;

    /// <summary>The output at this place of the model's list, of single or half precision.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the model has fewer.</exception>
    public float[] OutputAt(int index) =>
        index < OutputCount ? _outputs[_session.OutputNames[index]].Floats : throw Lacks($"output number {index + 1}");

    /// <exception cref="ModelException"><c>model-shape</c>: the model has fewer outputs.</exception>
    public IReadOnlyList<long> OutputShape(int index) =>
        index < OutputCount ? _outputs[_session.OutputNames[index]].Shape : throw Lacks($"output number {index + 1}");

    /// <summary>The output with this name.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: the model has no such output of <paramref name="length"/> values.</exception>
    public float[] Output(string name, int length) =>
        _outputs.TryGetValue(name, out BoundValue? value) && value.Floats.Length == length
            ? value.Floats
            : throw Lacks($"output {name} of {length} values");

    /// <exception cref="ModelException">
    /// <c>model-run</c>: inference failed; another try can help (memory). <c>model-contract</c>: an output has another shape than before.
    /// </exception>
    public void Run()
    {
        if (_batcher is not null)
        {
            _batcher.Run(this);
            return;
        }

        foreach (BoundValue input in _inputs.Values)
        {
            input.ToRuntime();
        }

        RunRows();
        foreach (BoundValue output in _outputs.Values)
        {
            output.FromRuntime();
        }
    }

    /// <summary>Runs what the runtime's side of the inputs holds, and leaves the outputs there.</summary>
    /// <exception cref="ModelException">As of <see cref="Run"/>.</exception>
    internal void RunRows()
    {
        var device = _session as DeviceSession;
        device?.BeginRun();
        try
        {
            // A device with memory of its own got a copy of the inputs when they were bound: bind them again. On the CPU it is the array.
            if (device is { IsRemote: true })
            {
                foreach ((string name, BoundValue input) in _inputs)
                {
                    _binding.BindInput(name, input.Value);
                }
            }

            _session.RunWithBinding(_options, _binding);
        }
        catch (OnnxRuntimeException e) when (RuntimeFailure.IsOtherShape(e))
        {
            throw new ModelException(
                "model-contract",
                $"The {_name} model gives outputs of changing shapes ({e.Message.ReplaceLineEndings(" ")}); use another file.",
                inner: e
            );
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
        finally
        {
            device?.EndRun();
        }
    }

    /// <summary>Of the inputs, in the order of the model: about 10 µs for a picture of 128 × 128.</summary>
    internal ulong HashInputs()
    {
        ulong hash = 0;
        foreach (BoundValue input in _inputs.Values)
        {
            hash = input.Hash(hash);
        }

        return hash;
    }

    /// <summary>Writes the inputs of <paramref name="one"/>, which has one row, into a row.</summary>
    internal void SetRow(int row, BoundSession one)
    {
        foreach ((string name, BoundValue input) in _inputs)
        {
            input.SetRow(row, Rows, one._inputs[name]);
        }
    }

    /// <summary>Writes a row of the outputs into those of <paramref name="one"/>.</summary>
    internal void GetRow(int row, BoundSession one)
    {
        foreach ((string name, BoundValue output) in _outputs)
        {
            output.GetRow(row, Rows, one._outputs[name]);
        }
    }

    /// <summary>Copies rows of the inputs to the first rows of another batch of the same model.</summary>
    internal void CopyRowsTo(BoundSession part, int first, int rows)
    {
        foreach ((string name, BoundValue input) in _inputs)
        {
            input.CopyRows(first, Rows, part._inputs[name], 0, part.Rows, rows);
        }
    }

    /// <summary>Copies the first rows of another batch's outputs back.</summary>
    internal void TakeRowsFrom(BoundSession part, int first, int rows)
    {
        foreach ((string name, BoundValue output) in _outputs)
        {
            part._outputs[name].CopyRows(0, part.Rows, output, first, Rows, rows);
        }
    }

    /// <summary>
    /// Looks for outputs that are infinite or no number: a picture made of them would be black, and a face at no place. Whoever uses what
    /// a run gave asks for it first. One pass over the outputs, about 50 µs for a picture of 512 × 512.
    /// </summary>
    /// <exception cref="ModelException"><c>model-contract</c>: the last run gave such a value.</exception>
    public void RequireFinite()
    {
        foreach ((string name, BoundValue output) in _outputs)
        {
            // The largest magnitude is NaN where one value is.
            if (output.Floats.Length > 0 && !float.IsFinite(TensorPrimitives.MaxMagnitude(output.Floats)))
            {
                throw new ModelException(
                    "model-contract",
                    $"The output {name} of the {_name} model holds values that are infinite or no number; check the file with `ffb models check`, or use another model."
                );
            }
        }
    }

    public void Dispose()
    {
        _batcher?.Leave();
        _binding.Dispose();
        foreach (BoundValue value in _inputs.Values.Concat(_outputs.Values))
        {
            value.Dispose();
        }

        _options.Dispose();
    }

    /// <summary>
    /// Where the model does not tell all of its shapes, a run with zeros does. With input shapes from outside it tells nothing reliable: an
    /// open first dimension of an output may be a count that follows from them.
    /// </summary>
    private IReadOnlyList<long[]> OutputShapes(int batch, bool isTold)
    {
        NodeMetadata[] told = [.. _session.OutputNames.Select(n => _session.OutputMetadata[n])];
        if (isTold && told.All(m => m.Dimensions.Length > 0 && m.Dimensions.Skip(1).All(d => d > 0)))
        {
            return [.. told.Select(m => Closed(m, batch))];
        }

        try
        {
            using IDisposableReadOnlyCollection<OrtValue> first = _session.Run(
                _options,
                [.. _inputs.Keys],
                [.. _inputs.Values.Select(v => v.Value)],
                _session.OutputNames
            );
            return [.. first.Select(v => v.GetTensorTypeAndShape().Shape)];
        }
        catch (OnnxRuntimeException e)
        {
            Dispose();
            throw new ModelException(
                "model-shape",
                $"The {_name} model does not take inputs of the shapes that its catalogue card says ({e.Message}); it is not the release's file.",
                inner: e
            );
        }
    }

    private static long[] Closed(NodeMetadata metadata, int batch) =>
        [.. metadata.Dimensions.Select((size, i) => size > 0 ? size : (i == 0 ? batch : 1L))];

    private ModelException Lacks(string what) =>
        new(
            "model-shape",
            $"The {_name} model has no {what}; it is not of the family that the catalogue names, or not the release's file."
        );
}
