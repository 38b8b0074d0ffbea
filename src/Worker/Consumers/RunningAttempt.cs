namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>An attempt in hand, and the token that ends its work: because nobody wants it any more, or because the process stops.</summary>
public sealed class RunningAttempt : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly Action<RunningAttempt> _onEnd;
    private bool _isOver;

    internal RunningAttempt(AttemptKey key, Action<RunningAttempt> onEnd, CancellationToken processStop)
    {
        Key = key;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(processStop);
        Stop = _stop.Token;
        _onEnd = onEnd;
    }

    public AttemptKey Key { get; }

    public CancellationToken Stop { get; }

    /// <summary>Nobody waits for the outcome: nothing is stored and nothing is said.</summary>
    public bool IsVoid { get; private set; }

    public void MakeVoid() => End(isVoid: true);

    /// <summary>The work ends, and the Coordinator is told that it has.</summary>
    public void GiveBack() => End(isVoid: false);

    public void Dispose()
    {
        _onEnd(this);
        lock (_lock)
        {
            _isOver = true;
            _stop.Dispose();
        }
    }

    private void End(bool isVoid)
    {
        lock (_lock)
        {
            IsVoid |= isVoid;
            if (!_isOver)
            {
                _stop.Cancel();
            }
        }
    }
}
