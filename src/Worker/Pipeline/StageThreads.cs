using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// The threads of one chunk. A stage that fails stops the others; the first real error is the one that <see cref="Join"/> throws, and
/// cancellation never hides it. Own threads, because a stage blocks on pipes and must not starve the pool that serves the bus.
/// </summary>
internal sealed class StageThreads : IDisposable
{
    /// <summary>About a tenth of the share that others have.</summary>
    private const int Niceness = 10;

    private readonly List<Thread> _threads = [];
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _outer;
    private ExceptionDispatchInfo? _first;

    public StageThreads(CancellationToken stop)
    {
        _outer = stop;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>Cancelled when the caller stops the chunk or any stage has failed.</summary>
    public CancellationToken Token => _stop.Token;

    /// <param name="isAhead">It works ahead of the others: where all cores are busy, it gives way to them.</param>
    public void Start(string name, Action<CancellationToken> stage, bool isAhead = false)
    {
        var thread = new Thread(() => Guard(stage, isAhead)) { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    /// <summary>Waits for every stage.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled and no stage failed on its own.</exception>
    public void Join()
    {
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _first?.Throw();
        _outer.ThrowIfCancellationRequested();
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>On Linux a thread has a niceness of its own, and "this one" is 0.</summary>
    private static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(0, 0, Niceness);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int niceness);

    private void Guard(Action<CancellationToken> stage, bool isAhead)
    {
        try
        {
            if (isAhead)
            {
                GiveWay();
            }

            stage(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Another stage failed or the caller stopped: that reason is already recorded.
        }
        catch (Exception e)
        {
            // The outermost frame of a thread: an exception that left it would end the process.
            Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(e), null);
            _stop.Cancel();
        }
    }
}
