using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>
/// Pipes that hold a MiB instead of 64 KiB: a frame then goes through in few turns of reader and writer, where each waits for the other
/// after every 64 KiB otherwise. On Linux; where the system grants no more, the pipe stays as it is.
/// </summary>
internal static class PipeSize
{
    private const int SetSize = 1031;
    private const int Bytes = 1 << 20;

    /// <param name="stream">A pipe of a child; anything else is left alone.</param>
    public static void Widen(Stream stream)
    {
        if (OperatingSystem.IsLinux() && stream is PipeStream pipe)
        {
            _ = Control(pipe.SafePipeHandle, SetSize, Bytes);
        }
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeHandle pipe, int command, nint argument);
}
