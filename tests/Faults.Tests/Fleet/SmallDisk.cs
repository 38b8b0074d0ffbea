using System.Diagnostics;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>A folder on a file system of its own of 64 MiB, where one may be mounted; it can be filled to its last byte.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;
    private readonly bool _isMounted;

    public SmallDisk(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _isMounted = Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=64m", "ffb", _folder);
    }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>False: it is a folder of the machine's own disk, which nobody fills.</summary>
    public bool Fill()
    {
        if (!_isMounted)
        {
            return false;
        }

        try
        {
            using FileStream filler = new(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] page = new byte[4096];
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Empty() => File.Delete(Filler);

    public void Dispose()
    {
        if (_isMounted)
        {
            _ = Run("umount", "--lazy", _folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        process?.WaitForExit();
        return process?.ExitCode == 0;
    }
}
