using FaceFusion.Batch.Contracts.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>The embedded database: one SQLite file in the work folder.</summary>
public static class JobsDatabase
{
    public const string FileName = "jobs.db";

    private const int BusySeconds = 30;

    /// <summary>SQLite's own number.</summary>
    private const int DiskFull = 13;

    /// <summary>Options of a context on the database in <paramref name="workFolder"/>.</summary>
    public static void Configure(DbContextOptionsBuilder builder, string workFolder)
    {
        string connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(workFolder, FileName),
            ForeignKeys = true,
            // The driver waits this long for a writer before it gives up.
            DefaultTimeout = BusySeconds,
        }.ToString();
        _ = builder.UseSqlite(connection);
    }

    /// <summary>Makes the tables where there are none, and sets the journal so that readers never wait for a writer.</summary>
    /// <exception cref="StorageException">The file cannot be made or is no database of ours.</exception>
    public static async Task CreateAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            _ = await context.Database.EnsureCreatedAsync(cancellationToken);
            _ = await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
            _ = await context.Jobs.AsNoTracking().OrderBy(j => j.Id).FirstOrDefaultAsync(cancellationToken);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == DiskFull)
        {
            throw new StorageException(
                "disk-full",
                "The disk that holds the work folder is full. Free some space, or choose another folder with --work.",
                isTransient: false,
                e
            );
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            throw new StorageException(
                "work-folder-unreadable",
                $"{FileName} in the work folder cannot be used ({e.Message}). Choose another folder with --work, or delete this one.",
                isTransient: false,
                e
            );
        }
    }
}
