using System.Text.RegularExpressions;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>What the runtime's sentences about a provider that does not work come down to.</summary>
internal static partial class LibraryFault
{
    /// <summary>Beginnings of file names, and what brings the file.</summary>
    private static readonly (string Prefix, string Origin)[] Origins =
    [
        ("libcuda.", "install NVIDIA's driver"),
        ("libcudnn", "install cuDNN 9"),
        ("libnvinfer", "install TensorRT 10"),
        ("libnvonnxparser", "install TensorRT 10"),
        ("libcu", "install the libraries of CUDA 13 and have the loader find them (ldconfig or LD_LIBRARY_PATH)"),
        ("libonnxruntime_providers_", "put the runtime's GPU libraries beside libonnxruntime.so"),
    ];

    /// <summary>
    /// A plugin finds the runtime through a small library that the runtime loads first, from beside itself alone; without it, the loader
    /// complains of the plugin's first symbol.
    /// </summary>
    private const string HostSymbol = "undefined symbol: Provider_GetHost";

    private const string HostLibrary = "libonnxruntime_providers_shared.so";

    /// <param name="device">That was asked for.</param>
    /// <param name="message">Of the runtime.</param>
    public static ProviderAttempt Explain(DeviceWish device, string message)
    {
        string? file =
            MissingFile().Match(message) is { Success: true } missing ? Path.GetFileName(missing.Groups["file"].Value)
            : message.Contains(HostSymbol, StringComparison.Ordinal) ? HostLibrary
            : null;
        if (file is not null)
        {
            return new ProviderAttempt(
                device,
                AttemptOutcome.LibraryMissing,
                $"the library {file} was not found",
                Origins.FirstOrDefault(o => file.StartsWith(o.Prefix, StringComparison.Ordinal)).Origin
            );
        }

        return NoDevice().IsMatch(message)
            ? new ProviderAttempt(device, AttemptOutcome.NoSuchDevice, $"there is no such device ({Short(message)})")
            : new ProviderAttempt(device, AttemptOutcome.Failed, Short(message));
    }

    /// <summary>The sentence without source lines and on one line.</summary>
    public static string Short(string message)
    {
        string line = Spaces().Replace(message, " ").Trim();
        return Preamble().Replace(line, "").TrimEnd('.', ' ');
    }

    [GeneratedRegex(@"(?<file>[^\s:]+\.so[\d.]*): cannot open shared object file")]
    private static partial Regex MissingFile();

    [GeneratedRegex("no CUDA-capable device|invalid device ordinal|CUDA failure 10[01]|Invalid device id")]
    private static partial Regex NoDevice();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"^(\[ErrorCode:\w+\] )?(\S+\.(cc|h|cpp):\d+ .*?(\[ONNXRuntimeError\] : \d+ : \w+ : |was false\. ))?"
    )]
    private static partial Regex Preamble();
}
