using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Events;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>What this worker works on now, so that it can be told to stop.</summary>
public sealed class RunningAttempts
{
    private readonly ConcurrentDictionary<AttemptKey, RunningAttempt> _running = new();
    private volatile bool _isHandedBack;

    /// <summary>Whatever is in hand is given back to the Coordinator.</summary>
    public bool IsHandedBack => _isHandedBack;

    /// <summary>Chunks in hand; scans are not counted, they have a slot of their own.</summary>
    public int Busy => _running.Keys.Count(k => k.ChunkIndex != AttemptVoided.Scan);

    /// <summary>Null: this very attempt is in hand already; its message came twice.</summary>
    /// <param name="key">The attempt.</param>
    /// <param name="processStop">Fires when the process gives its work up.</param>
    public RunningAttempt? TryStart(AttemptKey key, CancellationToken processStop)
    {
        RunningAttempt attempt = new(
            key,
            // By value: a repeated start that was turned away must not end the first.
            ended => _running.TryRemove(KeyValuePair.Create(ended.Key, ended)),
            processStop
        );
        if (_running.TryAdd(key, attempt))
        {
            if (_isHandedBack)
            {
                attempt.GiveBack();
            }

            return attempt;
        }

        attempt.Dispose();
        return null;
    }

    /// <summary>Ends the work of every attempt, now and from now on; the Coordinator is told, so that another worker begins at once.</summary>
    public void HandBack()
    {
        _isHandedBack = true;
        foreach (RunningAttempt attempt in _running.Values)
        {
            attempt.GiveBack();
        }
    }

    public void Stop(Guid jobId)
    {
        foreach (RunningAttempt attempt in _running.Values.Where(a => a.Key.JobId == jobId))
        {
            attempt.MakeVoid();
        }
    }

    public void Stop(AttemptKey key)
    {
        if (_running.TryGetValue(key, out RunningAttempt? attempt))
        {
            attempt.MakeVoid();
        }
    }
}

/// <summary>One attempt; the scan's chunk index is <see cref="AttemptVoided.Scan"/>.</summary>
public readonly record struct AttemptKey(Guid JobId, int ChunkIndex, int Attempt);
