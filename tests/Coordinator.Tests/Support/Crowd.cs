using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Copies of a job, its chunk and an attempt, made by the database itself.</summary>
internal static class Crowd
{
    /// <summary>Adds <paramref name="count"/> jobs of one chunk that are over since long.</summary>
    /// <param name="context">The database.</param>
    /// <param name="model">A job of one chunk to copy.</param>
    /// <param name="count">How many.</param>
    public static async Task AddFinishedAsync(JobsDbContext context, Guid model, int count)
    {
        bool isSqlite = context.Database.IsSqlite();
        string id = isSqlite
            ? "printf('%08X-0000-0000-0000-000000000000', n)"
            : "(lpad(to_hex(n), 8, '0') || '-0000-0000-0000-000000000000')::uuid";
        await CopyAsync<JobRow>(
            context,
            $"\"Id\" = '{Literal(model, isSqlite)}'",
            count,
            new()
            {
                ["Id"] = id,
                ["State"] = "'Succeeded'",
                ["IsCollected"] = isSqlite ? "1" : "true",
                ["FinishedAt"] = "1",
                ["Priority"] = "n % 7",
            }
        );
        await CopyAsync<ChunkRow>(
            context,
            $"\"JobId\" = '{Literal(model, isSqlite)}'",
            count,
            new() { ["JobId"] = id, ["State"] = "CASE WHEN n % 3 = 0 THEN 'Quarantined' ELSE 'Fused' END" }
        );
        _ = context.Attempts.Add(new AttemptRow { JobId = model, Outcome = AttemptOutcome.Voided });
        _ = await context.SaveChangesAsync();
        await CopyAsync<AttemptRow>(
            context,
            $"\"JobId\" = '{Literal(model, isSqlite)}' AND \"Attempt\" = 0",
            count,
            new() { ["JobId"] = id }
        );
        _ = await context.Database.ExecuteSqlRawAsync("ANALYZE");
    }

    private static string Literal(Guid id, bool isSqlite) =>
        isSqlite ? id.ToString("D").ToUpperInvariant() : id.ToString("D");

    private static Task<int> CopyAsync<T>(
        JobsDbContext context,
        string where,
        int count,
        Dictionary<string, string> other
    )
    {
        IEntityType rows = context.Model.FindEntityType(typeof(T))!;
        string[] columns = [.. rows.GetProperties().Select(p => p.GetColumnName())];
        string names = string.Join(", ", columns.Select(c => $"\"{c}\""));
        string values = string.Join(", ", columns.Select(c => other.GetValueOrDefault(c, $"\"{c}\"")));
        string sql = $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
            INSERT INTO "{rows.GetTableName()}" ({names})
            SELECT {values} FROM "{rows.GetTableName()}", numbers WHERE {where}
            """;
        return context.Database.ExecuteSqlRawAsync(sql);
    }
}
