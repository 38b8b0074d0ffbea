using System.Data.Common;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>
/// Remembers how long the database has refused to be written to. A failure that cannot be written into a row, as on a full
/// disk, would otherwise never be seen by whoever waits for the job.
/// </summary>
public sealed class DatabaseTrouble(IJobsDatabase database, TimeProvider clock)
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

    /// <summary>Whether it is this kind of trouble; if so it is remembered.</summary>
    public bool Sees(Exception e)
    {
        if (!Is(e))
        {
            return false;
        }

        Seen(e);
        return true;
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

    /// <summary>
    /// The database or the store is out of reach, or refuses to write, and may not an hour later. The database's own exceptions come
    /// bare, from an update, or, where the driver takes them for passing, inside one that advises to try again.
    /// </summary>
    public static bool Is(Exception e) =>
        IsOfDatabase(e)
        || e is IOException or TimeoutException
        || (e is InvalidOperationException && e.InnerException is { } inner && Is(inner));

    /// <summary>The database itself refuses.</summary>
    public static bool IsOfDatabase(Exception e) =>
        e is DbException or DbUpdateException
        || (e is InvalidOperationException && e.InnerException is { } inner && IsOfDatabase(inner));

    /// <summary>In a sentence, what to do about it.</summary>
    public StorageException Explain(Exception cause) => database.Explain(cause);

    /// <exception cref="StorageException">Nothing could be written for longer than a passing fault lasts; the code says why.</exception>
    public void ThrowIfLasting()
    {
        lock (_guard)
        {
            if (_since is { } since && _cause is { } cause && clock.GetUtcNow() - since > Patience)
            {
                throw database.Explain(cause);
            }
        }
    }
}
