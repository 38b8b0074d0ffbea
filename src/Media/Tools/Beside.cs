namespace FaceFusion.Batch.Media.Tools;

/// <summary>
/// Work that runs on another thread beside its starter's, on the <see cref="CpuAccount"/> that is open there. Disposing waits for its
/// end, so that nothing outlives the block that it was started in; an error that nobody asked for with <see cref="Result"/> is dropped.
/// </summary>
public sealed class Beside<T> : IDisposable
{
    private readonly Task<T> _work;

    public Beside(Func<T> work)
    {
        CpuAccount? account = CpuAccount.Current;
        _work = Task.Run(() => CpuAccount.Book(account, work));
    }

    /// <summary>Waits for the work; what it threw is thrown here.</summary>
    public T Result() => _work.GetAwaiter().GetResult();

    public void Dispose() => _work.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
}
