using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Whose jobs wait.</summary>
public static class WaitingTenants
{
    /// <summary>Of jobs in that state and of that priority: from one tenant to the next through the index, past all the jobs between.</summary>
    public static Task<List<string>> FindAsync(
        JobsDbContext context,
        JobState state,
        int priority,
        CancellationToken stop
    )
    {
        // In the text and no parameter: an index of some states is only taken for a query that names one of them.
        string sql = $$"""
            WITH RECURSIVE tenants(id) AS (
                SELECT MIN("TenantId") FROM "Jobs" WHERE "State" = '{{state}}' AND "Priority" = {0}
                UNION ALL
                SELECT (
                    SELECT MIN("TenantId") FROM "Jobs"
                    WHERE "State" = '{{state}}' AND "Priority" = {0} AND "TenantId" > tenants.id
                )
                FROM tenants WHERE tenants.id IS NOT NULL
            )
            SELECT id AS "Value" FROM tenants WHERE id IS NOT NULL
            """;
        return context.Database.SqlQueryRaw<string>(sql, priority).ToListAsync(stop);
    }
}
