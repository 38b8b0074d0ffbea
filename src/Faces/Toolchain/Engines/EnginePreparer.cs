using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Toolchain.Engines;

/// <summary>What TensorRT is to build an engine for.</summary>
public sealed record EngineOptions
{
    /// <summary>Number of the GPU; an engine fits the kind of GPU on which it was built.</summary>
    public int Device { get; init; }

    /// <summary>Largest batch; the engine takes all from 1 on where the model's batch is open.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Layers may compute in half precision.</summary>
    public bool Half { get; init; }
}

/// <summary>Builds TensorRT's engine and timing caches before the first chunk needs them: it takes minutes, once for each kind of GPU.</summary>
public static class EnginePreparer
{
    /// <param name="file">The model.</param>
    /// <param name="folder">Where the caches are kept; is made.</param>
    /// <param name="sample">One sample, to run the engine once.</param>
    /// <param name="options">Null: the first GPU, a batch of 1, single precision.</param>
    /// <returns>The caches' files, new or changed.</returns>
    /// <exception cref="ModelException">
    /// <c>provider-missing</c>: the runtime here has no TensorRT, or it does not start. <c>model-load</c>, <c>model-run</c>.
    /// </exception>
    public static IReadOnlyList<string> Prepare(
        byte[] file,
        string folder,
        IReadOnlyList<OnnxTensor> sample,
        EngineOptions? options = null
    )
    {
        if (!InferenceRuntime.Providers().Contains(Provider.TensorRt.RuntimeName))
        {
            throw Missing($"the runtime here is {InferenceRuntime.Describe()}", null);
        }

        options ??= new EngineOptions();
        _ = Directory.CreateDirectory(folder);
        Dictionary<string, DateTime> before = Files(folder);
        using OrtTensorRTProviderOptions settings = new();
        using SessionOptions session = InferenceRuntime.CpuOptions();
        try
        {
            settings.UpdateOptions(Settings(folder, Open(file, sample), options));
            session.AppendExecutionProvider_Tensorrt(settings);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw Missing(e.Message.ReplaceLineEndings(" ").TrimEnd('.'), e);
        }

        using TensorSession engine = new(file, session);
        _ = engine.Run(ModelComparer.Converted(sample, engine.Inputs));
        return
        [
            .. Files(folder)
                .Where(f => !before.TryGetValue(f.Key, out DateTime written) || written != f.Value)
                .Select(f => f.Key)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Inputs with an open batch: TensorRT wants to know between which lengths; of others it knows it.</summary>
    internal static IReadOnlyList<OnnxTensor> Open(byte[] file, IReadOnlyList<OnnxTensor> sample)
    {
        HashSet<string> open =
        [
            .. OnnxReader
                .Read(file)
                .Graph.Inputs.Where(i => i.Shape?.Any(d => d.Length is null) == true)
                .Select(i => i.Name),
        ];
        return [.. sample.Where(t => open.Contains(t.Name))];
    }

    /// <summary>Keys are those of ONNX Runtime's TensorRT provider.</summary>
    internal static Dictionary<string, string> Settings(
        string folder,
        IReadOnlyList<OnnxTensor> open,
        EngineOptions options
    )
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["device_id"] = $"{options.Device}",
            ["trt_fp16_enable"] = options.Half ? "1" : "0",
            ["trt_engine_cache_enable"] = "1",
            ["trt_engine_cache_path"] = folder,
            ["trt_timing_cache_enable"] = "1",
            ["trt_timing_cache_path"] = folder,
        };
        if (open.Count > 0)
        {
            settings["trt_profile_min_shapes"] = Shapes(open, 1);
            settings["trt_profile_opt_shapes"] = Shapes(open, options.Batch);
            settings["trt_profile_max_shapes"] = Shapes(open, options.Batch);
        }

        return settings;
    }

    private static string Shapes(IReadOnlyList<OnnxTensor> sample, int batch) =>
        string.Join(
            ',',
            sample.Select(t =>
                $"{t.Name}:{string.Join('x', t.Shape.Select((length, i) => i == 0 && t.Shape.Count > 1 ? length * batch : length))}"
            )
        );

    private static Dictionary<string, DateTime> Files(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(f => f, File.GetLastWriteTimeUtc, StringComparer.Ordinal);

    private static ModelException Missing(string what, Exception? inner) =>
        new(
            "provider-missing",
            $"No engine can be prepared: {what}; it needs a GPU of NVIDIA, ONNX Runtime's GPU build with its TensorRT provider, "
                + "and TensorRT 10 (libnvinfer) on the library path.",
            inner: inner
        );
}
