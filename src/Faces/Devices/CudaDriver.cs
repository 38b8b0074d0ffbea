using System.Runtime.InteropServices;
using System.Text;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>What NVIDIA's driver says of its cards: their names, and the architecture that decides how sums are rounded.</summary>
internal static class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;
    private const uint Block = 4;

    /// <summary>The driver's version, as it says it itself; empty: there is none.</summary>
    public static string Version { get; } = ReadVersion();

    /// <param name="number">As CUDA counts: <c>CUDA_VISIBLE_DEVICES</c> hides others.</param>
    /// <returns>Name (<c>NVIDIA L4</c>) and architecture (<c>sm_89</c>); null: no driver, or no such card.</returns>
    public static (string Name, string Architecture)? Find(int number)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            byte[] name = new byte[256];
            return
                Start(0) == 0
                && GetDevice(out int device, number) == 0
                && GetName(name, name.Length, device) == 0
                && GetAttribute(out int major, CapabilityMajor, device) == 0
                && GetAttribute(out int minor, CapabilityMinor, device) == 0
                ? (Encoding.UTF8.GetString(name).TrimEnd('\0'), $"sm_{major}{minor}")
                : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Has threads of this process sleep until the card is done. By itself the driver keeps them busy looking, which costs a core for every
    /// batch that is on the card (CUDA driver API, <c>CU_CTX_SCHED_BLOCKING_SYNC</c>). Works before the first session is made; where there
    /// is no driver nothing happens.
    /// </summary>
    /// <param name="number">As of <see cref="Find"/>.</param>
    public static void SleepWhileWaiting(int number)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            if (Start(0) == 0 && GetDevice(out int device, number) == 0)
            {
                _ = SetContextFlags(device, Block);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return;
        }
    }

    private static string ReadVersion()
    {
        const string Place = "/sys/module/nvidia/version";
        try
        {
            return File.Exists(Place) ? File.ReadAllText(Place).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport(Library, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Start(uint flags);

    [DllImport(Library, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetDevice(out int device, int number);

    [DllImport(Library, EntryPoint = "cuDeviceGetName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetName(byte[] name, int length, int device);

    [DllImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetAttribute(out int value, int attribute, int device);

    [DllImport(Library, EntryPoint = "cuDevicePrimaryCtxSetFlags_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetContextFlags(int device, uint flags);
}
