using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceFusion.Batch.Faces.Toolchain.Graphs;

/// <summary>A model that is run a few times, on tensors of any type: for tools, not for frames.</summary>
internal sealed class TensorSession : IDisposable
{
    private readonly SessionOptions? _owned;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <param name="model">The file.</param>
    /// <param name="options">Null: the CPU, one thread, as in production.</param>
    /// <exception cref="ModelException"><c>model-load</c>: the runtime does not take it.</exception>
    public TensorSession(byte[] model, SessionOptions? options = null)
    {
        _owned = options is null ? InferenceRuntime.CpuOptions() : null;
        try
        {
            _session = new InferenceSession(model, options ?? _owned!);
        }
        catch (OnnxRuntimeException e)
        {
            _owned?.Dispose();
            throw new ModelException(
                "model-load",
                $"The runtime does not load the model ({e.Message.ReplaceLineEndings(" ")}).",
                inner: e
            );
        }
    }

    public IReadOnlyList<OnnxValue> Inputs => [.. _session.InputNames.Select(n => Value(n, _session.InputMetadata[n]))];

    public IReadOnlyList<OnnxValue> Outputs =>
        [.. _session.OutputNames.Select(n => Value(n, _session.OutputMetadata[n]))];

    /// <summary>Options with which the runtime changes nothing of the graph.</summary>
    public static SessionOptions Unchanged()
    {
        SessionOptions options = InferenceRuntime.CpuOptions();
        options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        return options;
    }

    /// <param name="inputs">By their names.</param>
    /// <returns>Every output, in the model's order.</returns>
    /// <exception cref="ModelException"><c>model-run</c>: inference failed.</exception>
    public IReadOnlyList<OnnxTensor> Run(IReadOnlyList<OnnxTensor> inputs)
    {
        OrtValue[] values = [.. inputs.Select(ToRuntime)];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
                _options,
                [.. inputs.Select(t => t.Name)],
                values,
                _session.OutputNames
            );
            return [.. outputs.Select((value, i) => FromRuntime(_session.OutputNames[i], value))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                "model-run",
                $"The model does not run ({e.Message.ReplaceLineEndings(" ")}).",
                inner: e
            );
        }
        finally
        {
            foreach (OrtValue value in values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
        _owned?.Dispose();
    }

    private static OrtValue ToRuntime(OnnxTensor tensor)
    {
        // The runtime numbers element types as onnx.proto does.
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance,
            (TensorElementType)tensor.Type,
            [.. tensor.Shape]
        );
        tensor.Data.Span.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static OnnxTensor FromRuntime(string name, OrtValue value)
    {
        OnnxTensor none = new()
        {
            Name = name,
            Type = OnnxType.Undefined,
            Shape = [],
        };
        if (!value.IsTensor)
        {
            return none;
        }

        OrtTensorTypeAndShapeInfo kind = value.GetTensorTypeAndShape();
        return kind.ElementDataType == TensorElementType.String
            ? none
            : new OnnxTensor
            {
                Name = name,
                Type = (OnnxType)kind.ElementDataType,
                Shape = kind.Shape,
                Data = value.GetTensorMutableRawData().ToArray(),
            };
    }

    private static OnnxValue Value(string name, NodeMetadata metadata) =>
        metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? new OnnxValue(
                name,
                (OnnxType)metadata.ElementDataType,
                [
                    .. metadata.Dimensions.Select(
                        (size, i) =>
                            size >= 0
                                ? new OnnxDimension(size)
                                : OnnxDimension.Open(metadata.SymbolicDimensions.ElementAtOrDefault(i) ?? "")
                    ),
                ]
            )
            : new OnnxValue(name, OnnxType.Undefined, null) { IsTensor = false };
}
