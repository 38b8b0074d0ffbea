using FaceFusion.Batch.Contracts.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// The embedded database: one SQLite file in the work folder. It holds one run's jobs and is not brought up to date: a file of
/// another version is refused by name.
/// </summary>
public sealed class SqliteJobs(string workFolder) : IJobsDatabase
{
    public const string FileName = "jobs.db";

    /// <summary>Of the tables, in the file's <c>user_version</c>; goes up with every change of the rows.</summary>
    private const int SchemaVersion = 10;

    private const int BusySeconds = 30;

    /// <summary>SQLite's own numbers. With no room for its shared memory or a journal it speaks of an I/O error.</summary>
    private const int DiskFull = 13;
    private const int InputOutput = 10;

    /// <summary>Bytes; less than SQLite takes to begin a journal.</summary>
    private const long SmallestFree = 1 << 20;

    public void Configure(DbContextOptionsBuilder builder)
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

    /// <summary>Also sets the journal so that readers never wait for a writer.</summary>
    public async Task PrepareAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (await context.Database.EnsureCreatedAsync(cancellationToken))
            {
                _ = await context.Database.ExecuteSqlRawAsync(
                    $"PRAGMA user_version={SchemaVersion}",
                    cancellationToken
                );
            }

            _ = await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
            int version = await context
                .Database.SqlQueryRaw<int>("SELECT user_version AS \"Value\" FROM pragma_user_version")
                .SingleAsync(cancellationToken);
            if (version != SchemaVersion)
            {
                throw Unusable($"it is of version {version}, this program's is {SchemaVersion}", null);
            }

            _ = await context.Jobs.AsNoTracking().OrderBy(j => j.Id).FirstOrDefaultAsync(cancellationToken);
        }
        catch (SqliteException e)
            when (e.SqliteErrorCode == DiskFull || (e.SqliteErrorCode == InputOutput && IsDiskFull()))
        {
            throw Full(e);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            throw Unusable(e.Message, e);
        }
    }

    public Task TryWriteAsync(JobsDbContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(
            "CREATE TABLE \"Trial\" (\"Id\" INTEGER); DROP TABLE \"Trial\"",
            cancellationToken
        );

    public StorageException Explain(Exception cause) =>
        new(
            "disk-full",
            $"The work folder cannot be written to any more ({cause.Message.ReplaceLineEndings(" ")}): make room on its disk and run the same command again.",
            isTransient: true,
            cause
        );

    /// <summary>The error for a write that found no room, wherever it was; null: it was something else.</summary>
    /// <param name="cause">As it came out of the database's library, alone or within another.</param>
    public static StorageException? FullDisk(Exception cause)
    {
        for (Exception? inner = cause; inner is not null; inner = inner.InnerException)
        {
            if (inner is SqliteException { SqliteErrorCode: DiskFull })
            {
                return Full(cause);
            }
        }

        return null;
    }

    private static StorageException Full(Exception cause) =>
        new(
            "disk-full",
            "The disk that holds the work folder is full. Free some space, or choose another folder with --work.",
            isTransient: false,
            cause
        );

    private bool IsDiskFull() => new DriveInfo(Path.GetFullPath(workFolder)).AvailableFreeSpace < SmallestFree;

    private static StorageException Unusable(string why, Exception? cause) =>
        new(
            "work-folder-unreadable",
            $"{FileName} in the work folder cannot be used ({why}). Choose another folder with --work, or delete this one.",
            isTransient: false,
            cause
        );
}
