using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>
/// Starts every child from one thread that lives as long as the process. Linux sends the signal of <c>setpriv --pdeathsig</c> when the
/// <em>thread</em> that started the child ends: from a thread of the pool, or of a stage, that would be in the middle of the work.
/// </summary>
public static class ChildLauncher
{
    private static readonly BlockingCollection<Launch> Launches = [];

    static ChildLauncher() => new Thread(Run) { IsBackground = true, Name = "launcher" }.Start();

    /// <param name="command">Program and arguments; all three standard streams are pipes.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Process Start(IReadOnlyList<string> command)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Start(start);
    }

    /// <param name="start">Without shell.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        using Launch launch = new(start);
        Launches.Add(launch);
        return launch.Wait();
    }

    private static void Run()
    {
        foreach (Launch launch in Launches.GetConsumingEnumerable())
        {
            launch.Run();
        }
    }

    /// <summary>One start, handed to the launcher and waited for.</summary>
    private sealed class Launch(ProcessStartInfo start) : IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private Process? _process;
        private ExceptionDispatchInfo? _failure;

        public void Run()
        {
            try
            {
                _process = Process.Start(start);
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to the thread that asked, and is thrown there.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            _done.Set();
        }

        public Process Wait()
        {
            _done.Wait();
            _failure?.Throw();
            return _process ?? throw new InvalidOperationException("No process came of a start without shell.");
        }

        public void Dispose() => _done.Dispose();
    }
}
