using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FaceFusion.Batch.Benchmarks.Control;

/// <summary>Counts what the database is asked.</summary>
internal sealed class QueryCount : DbCommandInterceptor
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        _ = Interlocked.Increment(ref _count);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        _ = Interlocked.Increment(ref _count);
        return new(result);
    }
}
