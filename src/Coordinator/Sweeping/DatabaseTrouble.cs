using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>
/// Remembers how long the database has refused to be written to. A failure that cannot be written into a row, as on a full
/// disk, would otherwise never be seen by whoever waits for the job.
/// </summary>
public sealed class DatabaseTrouble(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _guard = new();
    private DateTimeOffset? _since;
    private Exception? _cause;

    /// <summary>A round failed, and nothing has been written since.</summary>
    public bool IsSeen
    {
        get
        {
            lock (_guard)
            {
                return _since is not null;
            }
        }
    }

    public void Seen(Exception cause)
    {
        lock (_guard)
        {
            _since ??= clock.GetUtcNow();
            _cause = cause;
        }
    }

    public void Over()
    {
        lock (_guard)
        {
            _since = null;
            _cause = null;
        }
    }

    /// <exception cref="StorageException"><c>disk-full</c>: nothing could be written for longer than a passing fault lasts.</exception>
    public void ThrowIfLasting()
    {
        lock (_guard)
        {
            if (_since is { } since && clock.GetUtcNow() - since > Patience)
            {
                throw new StorageException(
                    "disk-full",
                    $"The work folder cannot be written to any more ({_cause?.Message.ReplaceLineEndings(" ")}): make room on its disk and run the same command again.",
                    isTransient: true,
                    _cause
                );
            }
        }
    }
}
