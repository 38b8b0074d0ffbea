using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>Every option that an execution provider is given, with its reason; nothing else in the house sets one.</summary>
public sealed record ProviderOptions
{
    /// <summary>Names the only folder in which providers that the runtime lacks are looked for.</summary>
    public const string FolderVariable = "FFB_PROVIDERS";

    /// <summary>Names the folder for what can be made anew.</summary>
    public const string CacheVariable = "FFB_CACHE";

    /// <summary>Where the built-in networks that find faces run beside a GPU: <c>cpu</c> or <c>device</c>; else by the number of cores.</summary>
    public const string FindingVariable = "FFB_FIND_ON";

    /// <summary>1: TensorRT may compute in half precision.</summary>
    public const string HalfVariable = "FFB_TENSORRT_FP16";

    /// <summary>Where plugins of the runtime are looked for, first to last.</summary>
    public IReadOnlyList<string> Folders { get; init; } = BesideTheProgram();

    /// <summary>Where TensorRT keeps engines and timings.</summary>
    public string CacheFolder { get; init; } = Path.Combine(Path.GetTempPath(), "ffb");

    /// <summary>Beside a GPU, the built-in networks that find faces run on the CPU: where there are this many cores or more by default.</summary>
    public bool IsFindingOnCpu { get; init; } = Environment.ProcessorCount >= 8;

    /// <summary>TensorRT may compute in half precision: about twice as fast, and other pixels.</summary>
    public bool IsTensorRtHalf { get; init; }

    /// <summary>
    /// CUDA may round the factors of single precision to 10 bits of mantissa (TF32): up to three times as fast in large networks, with
    /// errors of about 1e-3 of a value instead of 1e-6.
    /// </summary>
    public bool IsTensorFloat { get; init; } = true;

    public static ProviderOptions FromEnvironment()
    {
        ProviderOptions plain = new();
        return plain with
        {
            Folders = Variable(FolderVariable) is { } named ? [Path.GetFullPath(named)] : plain.Folders,
            CacheFolder = Variable(CacheVariable) ?? UserCache() ?? plain.CacheFolder,
            IsTensorRtHalf = Variable(HalfVariable) == "1",
            IsFindingOnCpu = Variable(FindingVariable) is { } place ? place == "cpu" : plain.IsFindingOnCpu,
        };
    }

    internal static SessionOptions Cpu() => InferenceRuntime.CpuOptions();

    /// <param name="number">Of the device; null where it is chosen otherwise, as plugins do.</param>
    internal Dictionary<string, string> Cuda(int? number)
    {
        Dictionary<string, string> options = new()
        {
            // cuDNN's own choice, the same in every process. A search by trial takes what was fastest that day: other sums the next time,
            // sums that depend on a picture's place in the batch, and no more speed (measured: 798 crops/s against 787).
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // The default doubles the arena at each growth: several workers then do not fit on one card.
            ["arena_extend_strategy"] = "kSameAsRequested",
            // Copies wait for the kernels before them without further events; measured with it.
            ["do_copy_in_default_stream"] = "1",
            // Channels last costs three times the time of a whole swapper (measured with 138 M parameters): the transposes eat it up.
            ["prefer_nhwc"] = "0",
            ["use_tf32"] = IsTensorFloat ? "1" : "0",
        };
        if (number is { } given)
        {
            options["device_id"] = $"{given}";
        }

        return options;
    }

    /// <summary>Makes the cache folder, too.</summary>
    internal Dictionary<string, string> TensorRt(int number)
    {
        string cache = Directory.CreateDirectory(Path.Combine(CacheFolder, "tensorrt")).FullName;
        return new()
        {
            ["device_id"] = $"{number}",
            // An engine takes minutes to build and is good for one network, card and version: TensorRT names the files by all of these.
            ["trt_engine_cache_enable"] = "1",
            ["trt_engine_cache_path"] = cache,
            // Timings of kernels hold for all networks on the same kind of card, and make the second engine faster to build.
            ["trt_timing_cache_enable"] = "1",
            ["trt_timing_cache_path"] = cache,
            ["trt_fp16_enable"] = IsTensorRtHalf ? "1" : "0",
        };
    }

    /// <summary>Programs of the newer form, on whatever of a Mac's units is fastest for each part.</summary>
    internal static Dictionary<string, string> CoreMl() =>
        new() { ["ModelFormat"] = "MLProgram", ["MLComputeUnits"] = "ALL" };

    /// <summary>Its own choice among CPU, GPU and NPU.</summary>
    internal static Dictionary<string, string> OpenVino() => new() { ["device_type"] = "AUTO" };

    /// <summary>The cache's folder of a user, as the scripts of <c>eng/</c> take it.</summary>
    private static string? UserCache() =>
        Variable("XDG_CACHE_HOME") is { } set ? Path.Combine(set, "ffb")
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, ".cache", "ffb")
        : null;

    private static string[] BesideTheProgram() =>
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "providers"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
        ];

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
