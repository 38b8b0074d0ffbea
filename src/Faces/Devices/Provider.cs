namespace FaceFusion.Batch.Faces.Devices;

/// <summary>A kind of device that networks can run on: an execution provider of the inference runtime.</summary>
public sealed record Provider
{
    public static readonly Provider Cpu = new() { Name = "cpu", RuntimeName = "CPUExecutionProvider" };

    public static readonly Provider Cuda = new()
    {
        Name = "cuda",
        RuntimeName = "CUDAExecutionProvider",
        Library = "libonnxruntime_providers_cuda.so",
        IsNumbered = true,
    };

    /// <summary>Its library offers no plugin, so the runtime must have been built for it.</summary>
    public static readonly Provider TensorRt = new()
    {
        Name = "tensorrt",
        RuntimeName = "TensorrtExecutionProvider",
        IsNumbered = true,
    };

    public static readonly Provider CoreMl = new() { Name = "coreml", RuntimeName = "CoreMLExecutionProvider" };

    public static readonly Provider DirectMl = new()
    {
        Name = "directml",
        RuntimeName = "DmlExecutionProvider",
        IsNumbered = true,
    };

    public static readonly Provider OpenVino = new() { Name = "openvino", RuntimeName = "OpenVINOExecutionProvider" };

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<Provider> All { get; } = [Cpu, Cuda, TensorRt, CoreMl, DirectMl, OpenVino];

    /// <summary>As <c>--device</c> calls it.</summary>
    public required string Name { get; init; }

    /// <summary>As the runtime calls it.</summary>
    public required string RuntimeName { get; init; }

    /// <summary>File of the plugin that brings the provider to a runtime that was built without it; null: there is none.</summary>
    public string? Library { get; init; }

    /// <summary>A machine can have several, told apart by a number from 0.</summary>
    public bool IsNumbered { get; init; }

    public override string ToString() => Name;
}
