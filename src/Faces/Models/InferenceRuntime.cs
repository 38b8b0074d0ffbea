using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>The native inference runtime of this process: asked through here, it is silent before its first call.</summary>
public static class InferenceRuntime
{
    /// <summary>
    /// Read by the native library when it starts. Its builds for Linux report every session to their vendor otherwise, and keep a device
    /// id, a database and a log in the user's folders for it (seen with 1.29 and 1.30).
    /// </summary>
    private const string Silence = "ORT_DISABLE_TELEMETRY";

    static InferenceRuntime()
    {
        // .NET keeps a copy of the environment of its own; native code reads the process's.
        System.Environment.SetEnvironmentVariable(Silence, "1");
        if (!OperatingSystem.IsWindows())
        {
            _ = SetNative(Encoding.UTF8.GetBytes(Silence + '\0'), [.. "1\0"u8], overwrite: 1);
        }
    }

    /// <summary>Its version and the execution providers that it was built with.</summary>
    public static string Describe() =>
        $"{OrtEnv.Instance().GetVersionString()}, providers: {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}";

    /// <summary>The runtime's one environment in the process.</summary>
    internal static OrtEnv Environment() => OrtEnv.Instance();

    /// <summary>One thread a run, and none that waits by turning: the cores belong to other frames.</summary>
    internal static SessionOptions CpuOptions()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            EnableMemoryPattern = true,
            EnableCpuMemArena = true,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    /// <summary>The execution providers that it was built with, by its own names.</summary>
    internal static IReadOnlyList<string> Providers() => OrtEnv.Instance().GetAvailableProviders();

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNative(byte[] name, byte[] value, int overwrite);
}
