using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Asks the database how it would carry out each query, just before it does.</summary>
internal sealed class QueryPlans : DbCommandInterceptor
{
    private readonly Lock _guard = new();
    private readonly List<(string Sql, string Plan)> _seen = [];

    public bool IsOn { get; set; }

    public IReadOnlyList<(string Sql, string Plan)> Seen
    {
        get
        {
            lock (_guard)
            {
                return [.. _seen];
            }
        }
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        await ExplainAsync(command, cancellationToken);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        await ExplainAsync(command, cancellationToken);
        return result;
    }

    private async Task ExplainAsync(DbCommand command, CancellationToken stop)
    {
        if (!IsOn || command.Connection is null || command.CommandText.Contains("INSERT", StringComparison.Ordinal))
        {
            return;
        }

        bool isSqlite = command is SqliteCommand;
        string sql = command.CommandText;
        List<string> lines = [];
        command.CommandText = (isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sql;
        await using (DbDataReader reader = await command.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                lines.Add(reader.GetString(isSqlite ? 3 : 0));
            }
        }

        command.CommandText = sql;
        lock (_guard)
        {
            _seen.Add((sql, string.Join('\n', lines)));
        }
    }
}
