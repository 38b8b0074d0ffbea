using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>
/// The two ways to a provider: it is compiled into the runtime, which loads its library from beside itself, or its library is registered
/// with a runtime that does not know it.
/// </summary>
internal static class ProviderRoutes
{
    /// <summary>Any operator that the device lacks is an error then, and not left to the CPU without a word.</summary>
    private const string NothingOnCpu = "session.disable_cpu_ep_fallback";

    /// <summary>Loads and runs a small network on the device.</summary>
    public static ProviderAttempt Try(DeviceWish wish, ProviderOptions options)
    {
        if (Lacking(wish, options) is { } lacking)
        {
            return lacking;
        }

        try
        {
            using SessionOptions session = Open(wish, options, isWhole: true);
            ProbeNetwork.Run(session);
            return new ProviderAttempt(wish, AttemptOutcome.Used, Describe(wish));
        }
        // Whatever the reason, the device is of no use, and the next one is due.
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or NotSupportedException)
        {
            return LibraryFault.Explain(wish, e.Message);
        }
    }

    /// <summary>Options for a session on the device.</summary>
    /// <param name="isWhole">Refuse networks of which the device cannot run every operator.</param>
    /// <exception cref="OnnxRuntimeException">The device cannot be used.</exception>
    public static SessionOptions Open(DeviceWish wish, ProviderOptions options, bool isWhole)
    {
        SessionOptions session = ProviderOptions.Cpu();
        try
        {
            Append(session, wish, options);
            if (isWhole && wish.Provider != Provider.Cpu)
            {
                session.AddSessionConfigEntry(NothingOnCpu, "1");
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Devices of one class give the same values; those of two do not: they add in other orders. A string without line breaks, such as
    /// <c>cpu</c> or <c>cuda sm_90</c>.
    /// </summary>
    public static string ClassOf(DeviceWish wish, ProviderOptions options)
    {
        string[] parts =
        [
            wish.Provider.Name,
            wish.IsNvidia ? CudaDriver.Find(wish.Number)?.Architecture ?? "" : "",
            wish.Provider == Provider.Cuda && !options.IsTensorFloat ? "fp32" : "",
            wish.Provider == Provider.TensorRt && options.IsTensorRtHalf ? "fp16" : "",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static void Append(SessionOptions session, DeviceWish wish, ProviderOptions options)
    {
        if (wish.IsNvidia)
        {
            CudaDriver.SleepWhileWaiting(wish.Number);
        }

        switch (wish.Provider.Name)
        {
            case "cuda" when IsBuiltIn(Provider.Cuda):
                AppendCuda(session, wish.Number, options);
                break;
            case "cuda" when ProviderPlugins.Find(wish.Provider, options) is { } library:
                IReadOnlyList<OrtEpDevice> devices = ProviderPlugins.Devices(wish.Provider, library);
                session.AppendExecutionProvider(
                    InferenceRuntime.Environment(),
                    [devices[wish.Number]],
                    options.Cuda(number: null)
                );
                break;
            case "tensorrt":
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    tensorRt.UpdateOptions(options.TensorRt(wish.Number));
                    session.AppendExecutionProvider_Tensorrt(tensorRt);
                }

                // For the operators that TensorRT leaves.
                AppendCuda(session, wish.Number, options);
                break;
            case "coreml":
                session.AppendExecutionProvider("CoreML", ProviderOptions.CoreMl());
                break;
            case "directml":
                // DirectML plans memory by itself.
                session.EnableMemoryPattern = false;
                session.AppendExecutionProvider_DML(wish.Number);
                break;
            case "openvino":
                session.AppendExecutionProvider("OpenVINO", ProviderOptions.OpenVino());
                break;
            default:
                break;
        }
    }

    private static void AppendCuda(SessionOptions session, int number, ProviderOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(options.Cuda(number));
        session.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>What is known to be missing before the runtime is asked; null: nothing.</summary>
    private static ProviderAttempt? Lacking(DeviceWish wish, ProviderOptions options)
    {
        if (IsBuiltIn(wish.Provider))
        {
            return null;
        }

        if (wish.Provider.Library is not { } file)
        {
            return new ProviderAttempt(
                wish,
                AttemptOutcome.NotInBuild,
                $"this build of the inference runtime has no {wish.Provider.RuntimeName}"
            );
        }

        if (ProviderPlugins.Find(wish.Provider, options) is not { } library)
        {
            return new ProviderAttempt(
                wish,
                AttemptOutcome.NotInBuild,
                $"this build of the inference runtime has no {wish.Provider.RuntimeName}, and no {file} was found",
                $"put {file} of the same version into {string.Join(" or ", options.Folders)} or name its folder in "
                    + ProviderOptions.FolderVariable
            );
        }

        try
        {
            int count = ProviderPlugins.Devices(wish.Provider, library).Count;
            return wish.Number < count
                ? null
                : new ProviderAttempt(
                    wish,
                    AttemptOutcome.NoSuchDevice,
                    count == 0 ? $"{library} finds no device on this machine" : $"the last one is number {count - 1}"
                );
        }
        catch (OnnxRuntimeException e)
        {
            return LibraryFault.Explain(wish, e.Message);
        }
    }

    private static bool IsBuiltIn(Provider provider) =>
        InferenceRuntime.Environment().GetAvailableProviders().Contains(provider.RuntimeName);

    private static string Describe(DeviceWish wish) =>
        wish.IsNvidia && CudaDriver.Find(wish.Number) is var (name, architecture) ? $"{name} ({architecture})" : "";
}
