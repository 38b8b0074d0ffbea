using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>What of NVIDIA's driver is needed to fetch pictures from a card. All calls return 0 when they went well.</summary>
internal static class CudaApi
{
    private const string Library = "libcuda.so.1";

    /// <summary>A stream that waits for no other.</summary>
    public const uint NonBlocking = 1;

    /// <summary>An event whose waiters sleep, and that measures no time.</summary>
    public const uint SleepWithoutTiming = 3;

    [DllImport(Library, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Start(uint flags);

    [DllImport(Library, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int GetDevice(out int device, int number);

    [DllImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int RetainContext(out nint context, int device);

    [DllImport(Library, EntryPoint = "cuCtxSetCurrent")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int UseContext(nint context);

    [DllImport(Library, EntryPoint = "cuStreamCreate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int CreateStream(out nint stream, uint flags);

    [DllImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int DestroyStream(nint stream);

    [DllImport(Library, EntryPoint = "cuEventCreate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int CreateEvent(out nint happening, uint flags);

    [DllImport(Library, EntryPoint = "cuEventRecord")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int RecordEvent(nint happening, nint stream);

    [DllImport(Library, EntryPoint = "cuEventSynchronize")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int WaitForEvent(nint happening);

    [DllImport(Library, EntryPoint = "cuEventDestroy_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int DestroyEvent(nint happening);

    [DllImport(Library, EntryPoint = "cuMemAllocHost_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int AllocateHost(out nint memory, nuint bytes);

    [DllImport(Library, EntryPoint = "cuMemFreeHost")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int FreeHost(nint memory);

    [DllImport(Library, EntryPoint = "cuMemcpy2DAsync_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int CopyRows(in CuvidStructs.Copy copy, nint stream);
}
