using FaceFusion.Batch.Contracts.Errors;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>What differs between the databases that can hold the jobs; everything else goes through <see cref="JobsDbContext"/>.</summary>
public interface IJobsDatabase
{
    void Configure(DbContextOptionsBuilder builder);

    /// <summary>Makes the tables where there are none, and brings older ones up to date; any number of processes may do so at once.</summary>
    /// <exception cref="StorageException">It cannot be reached or used, or it was made by a newer version.</exception>
    Task PrepareAsync(JobsDbContext context, CancellationToken cancellationToken);

    /// <summary>Writes something of no consequence: fails while the database cannot be written to.</summary>
    Task TryWriteAsync(JobsDbContext context, CancellationToken cancellationToken);

    /// <summary>What to tell a user when the database has refused to work for a while.</summary>
    StorageException Explain(Exception cause);
}
