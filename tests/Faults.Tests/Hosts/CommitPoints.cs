using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>Points around the statements by which a result is published.</summary>
internal sealed class CommitPoints(FaultSwitch faults) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.CommandText.Contains("\"ResultSha256\" =", StringComparison.Ordinal))
        {
            // The result is in its place, and the row does not say so.
            faults.Pass("before-succeeded");
        }

        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.CommandText.Contains("SET \"Publishing\" =", StringComparison.Ordinal))
        {
            faults.Pass("publishing");
        }

        return ValueTask.FromResult(result);
    }
}
