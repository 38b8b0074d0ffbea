using FaceFusion.Batch.Contracts.Values;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Jobs, their chunks, the attempts at them, and the workers. Used directly; there is no layer over it.</summary>
public sealed class JobsDbContext(DbContextOptions<JobsDbContext> options) : DbContext(options)
{
    public DbSet<JobRow> Jobs => Set<JobRow>();
    public DbSet<ChunkRow> Chunks => Set<ChunkRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        _ = configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        _ = configurationBuilder.Properties<JobState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<ChunkState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<JobKind>().HaveConversion<string>();
        _ = configurationBuilder.Properties<AttemptOutcome>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        _ = modelBuilder.Entity<JobRow>(ConfigureJobs);
        _ = modelBuilder.Entity<ChunkRow>(ConfigureChunks);
        _ = modelBuilder.Entity<AttemptRow>(ConfigureAttempts);
        _ = modelBuilder.Entity<WorkerRow>(worker => worker.HasKey(w => w.Id));
    }

    private static void ConfigureJobs(EntityTypeBuilder<JobRow> job)
    {
        _ = job.HasKey(j => j.Id);
        _ = job.Property(j => j.Id).ValueGeneratedNever();
        _ = job.HasIndex(j => new { j.State, j.LeaseUntil });
        _ = job.Property(j => j.Recipe).AsJson();
        _ = job.Property(j => j.Sources).AsJson();
        _ = job.Property(j => j.Format).AsJson();
        _ = job.Property(j => j.Models).AsJson();
        _ = job.Property(j => j.Gates).AsJson();
        _ = job.Property(j => j.Warnings).AsJson();
        _ = job.Property(j => j.StageMilliseconds).AsJson();
        _ = job.Property(j => j.Failure).AsJson();
    }

    private static void ConfigureChunks(EntityTypeBuilder<ChunkRow> chunk)
    {
        _ = chunk.HasKey(c => new { c.JobId, c.Index });
        _ = chunk.HasIndex(c => new { c.State, c.LeaseUntil });
        _ = chunk.HasOne<JobRow>().WithMany().HasForeignKey(c => c.JobId).OnDelete(DeleteBehavior.Cascade);
        _ = chunk.Ignore(c => c.Range);
    }

    private static void ConfigureAttempts(EntityTypeBuilder<AttemptRow> attempt)
    {
        _ = attempt.HasKey(a => new
        {
            a.JobId,
            a.ChunkIndex,
            a.Attempt,
        });
        _ = attempt.Property(a => a.Failure).AsJson();
        _ = attempt.HasOne<JobRow>().WithMany().HasForeignKey(a => a.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}
