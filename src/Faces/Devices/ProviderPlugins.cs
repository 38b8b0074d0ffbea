using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>Libraries that bring a provider to a runtime that was built without it; each is registered once in the process.</summary>
internal static class ProviderPlugins
{
    private static readonly Lock Guard = new();
    private static readonly HashSet<string> Registered = [];

    /// <summary>The provider's library in the first folder that has it; null: none has.</summary>
    public static string? Find(Provider provider, ProviderOptions options) =>
        provider.Library is { } file
            ? options.Folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            : null;

    /// <summary>The provider's devices, in the order of their numbers.</summary>
    /// <exception cref="OnnxRuntimeException">The library, or one that it needs, cannot be loaded.</exception>
    public static IReadOnlyList<OrtEpDevice> Devices(Provider provider, string library)
    {
        OrtEnv environment = InferenceRuntime.Environment();
        lock (Guard)
        {
            if (!Registered.Contains(library))
            {
                environment.RegisterExecutionProviderLibrary($"ffb-{provider.Name}", library);
                _ = Registered.Add(library);
            }
        }

        return
        [
            .. environment
                .GetEpDevices()
                .Where(device => device.EpName == provider.RuntimeName)
                .Select((device, place) => (Device: device, Number: NumberOf(device) ?? place))
                .OrderBy(pair => pair.Number)
                .Select(pair => pair.Device),
        ];
    }

    private static int? NumberOf(OrtEpDevice device) =>
        device.EpOptions.Entries.TryGetValue("device_id", out string? text) && int.TryParse(text, out int number)
            ? number
            : null;
}
