namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>A target on this machine's disk; it stays there until this is disposed. Never write to it.</summary>
public sealed class TargetFile(string path, Action onEnd) : IDisposable
{
    private Action? _onEnd = onEnd;

    public string Path => path;

    public void Dispose() => Interlocked.Exchange(ref _onEnd, null)?.Invoke();
}
