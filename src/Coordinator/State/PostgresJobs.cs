using FaceFusion.Batch.Contracts.Errors;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>The database of a fleet: PostgreSQL, brought up to date by migrations, one process at a time.</summary>
public sealed class PostgresJobs(PostgresOptions options) : IJobsDatabase
{
    /// <summary>Of the advisory lock under which the tables change: "ffb" and a number.</summary>
    private const long MigrationLock = 0x666662_0001;

    public void Configure(DbContextOptionsBuilder builder) => builder.UseNpgsql(options.ConnectionString);

    public async Task PrepareAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        int? usual = context.Database.GetCommandTimeout();
        // Whoever comes second waits for as long as the first one's migrations take.
        context.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        try
        {
            await context.Database.OpenConnectionAsync(cancellationToken);
            _ = await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
            try
            {
                await MigrateAsync(context, cancellationToken);
            }
            finally
            {
                _ = await context.Database.ExecuteSqlAsync(
                    $"SELECT pg_advisory_unlock({MigrationLock})",
                    CancellationToken.None
                );
            }
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            throw Explain(e);
        }
        finally
        {
            context.Database.SetCommandTimeout(usual);
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <summary>A temporary table of its own writes to the catalogue, and nobody else sees it.</summary>
    public Task TryWriteAsync(JobsDbContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(
            "CREATE TEMPORARY TABLE trial (id integer); DROP TABLE trial",
            cancellationToken
        );

    public StorageException Explain(Exception cause) =>
        cause.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.DiskFull } full
            ? new StorageException(
                "disk-full",
                $"The disk of the database is full ({full.MessageText}): make room on it.",
                isTransient: true,
                cause
            )
            : new StorageException(
                "database-unreachable",
                $"The database could not be used ({cause.GetBaseException().Message.ReplaceLineEndings(" ")}): check that it is up, and the connection string.",
                isTransient: true,
                cause
            );

    private static async Task MigrateAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        HashSet<string> known = [.. context.Database.GetMigrations()];
        IEnumerable<string> applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer)
        {
            throw new StorageException(
                "database-newer",
                $"The database was brought up to date by a newer version ({newer}): run that version here too.",
                isTransient: false
            );
        }

        await context.Database.MigrateAsync(cancellationToken);
    }
}
