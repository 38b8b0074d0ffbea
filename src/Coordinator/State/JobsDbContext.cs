using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Hosting.Tracing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// Jobs, their chunks, the attempts at them, what happened to them, who is told of it, batches, the workers, and what users brought. Used directly; there is no layer over it.
/// </summary>
public sealed class JobsDbContext(DbContextOptions<JobsDbContext> options) : DbContext(options)
{
    public DbSet<JobRow> Jobs => Set<JobRow>();
    public DbSet<ChunkRow> Chunks => Set<ChunkRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<JobEventRow> JobEvents => Set<JobEventRow>();
    public DbSet<ReplayRow> Replays => Set<ReplayRow>();
    public DbSet<BatchRow> Batches => Set<BatchRow>();
    public DbSet<BatchEntryRow> BatchEntries => Set<BatchEntryRow>();
    public DbSet<WorkerRow> Workers => Set<WorkerRow>();
    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();
    public DbSet<UploadRow> Uploads => Set<UploadRow>();
    public DbSet<SourceRow> Sources => Set<SourceRow>();
    public DbSet<IdempotencyRow> Idempotency => Set<IdempotencyRow>();
    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();
    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();
    public DbSet<WebhookAttemptRow> WebhookAttempts => Set<WebhookAttemptRow>();

    /// <summary>A job that was loaded and changed gets its next version here.</summary>
    public override Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        foreach (EntityEntry<JobRow> job in ChangeTracker.Entries<JobRow>())
        {
            if (job.State == EntityState.Modified)
            {
                job.Entity.Version++;
            }
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        _ = configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        _ = configurationBuilder.Properties<JobState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<ChunkState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<JobKind>().HaveConversion<string>();
        _ = configurationBuilder.Properties<AttemptOutcome>().HaveConversion<string>();
        _ = configurationBuilder.Properties<JobEventKind>().HaveConversion<string>();
        _ = configurationBuilder.Properties<ReplayState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<BatchState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<RowErrorRule>().HaveConversion<string>();
        _ = configurationBuilder.Properties<LicenceUsage>().HaveConversion<string>();
        _ = configurationBuilder.Properties<UploadState>().HaveConversion<string>();
        _ = configurationBuilder.Properties<UploadPurpose>().HaveConversion<string>();
        _ = configurationBuilder.Properties<WebhookStop>().HaveConversion<string>();
        _ = configurationBuilder.Properties<DeliveryState>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        _ = modelBuilder.Entity<JobRow>(ConfigureJobs);
        _ = modelBuilder.Entity<ChunkRow>(ConfigureChunks);
        _ = modelBuilder.Entity<AttemptRow>(ConfigureAttempts);
        _ = modelBuilder.Entity<JobEventRow>(ConfigureEvents);
        _ = modelBuilder.Entity<ReplayRow>(ConfigureReplays);
        _ = modelBuilder.Entity<BatchRow>(ConfigureBatches);
        _ = modelBuilder.Entity<BatchEntryRow>(ConfigureEntries);
        _ = modelBuilder.Entity<WorkerRow>(worker => worker.HasKey(w => w.Id));
        _ = modelBuilder.Entity<ApiKeyRow>(key => key.Property(k => k.Id).ValueGeneratedNever());
        _ = modelBuilder.Entity<UploadRow>(ConfigureUploads);
        _ = modelBuilder.Entity<SourceRow>(ConfigureSources);
        _ = modelBuilder.Entity<IdempotencyRow>(ConfigureIdempotency);
        _ = modelBuilder.Entity<WebhookRow>(WebhookTables.Configure);
        _ = modelBuilder.Entity<WebhookDeliveryRow>(WebhookTables.Configure);
        _ = modelBuilder.Entity<WebhookAttemptRow>(WebhookTables.Configure);
    }

    private static void ConfigureJobs(EntityTypeBuilder<JobRow> job)
    {
        _ = job.HasKey(j => j.Id);
        _ = job.Property(j => j.Id).ValueGeneratedNever();
        // What dispatcher and sweeper read again and again holds no row of a job that is over.
        _ = job.HasIndex(j => new
            {
                j.Priority,
                j.TenantId,
                j.CreatedAt,
            })
            .HasFilter("\"State\" = 'Fusing'");
        _ = job.HasIndex(j => j.LeaseUntil).HasFilter($"\"State\" IN ({Names(JobStates.Leased)})");
        // The owed stages in the order in which they are begun.
        _ = job.HasIndex(j => new
            {
                j.State,
                j.Priority,
                j.TenantId,
                j.CreatedAt,
            })
            .HasFilter($"\"State\" IN ({Names(JobStates.Leased)})");
        _ = job.HasIndex(j => new
            {
                j.BatchId,
                j.State,
                j.PausedAt,
            })
            .HasFilter("\"BatchId\" IS NOT NULL");
        _ = job.HasIndex(j => new { j.TenantId, j.RowKey }).IsUnique().HasFilter("\"RowKey\" IS NOT NULL");
        _ = job.HasIndex(j => j.FinishedAt).HasFilter("NOT \"IsCollected\"");
        _ = job.HasIndex(j => j.FinishedAt, "IX_Jobs_Expiring").HasFilter("\"IsCollected\"");
        _ = job.HasIndex(j => j.TargetSha256);
        _ = job.Property(j => j.TraceParent).HasMaxLength(FleetTrace.ParentLength);
        _ = job.HasIndex(j => new
        {
            j.TenantId,
            j.CreatedAt,
            j.Id,
        });
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
        // Rows that are loaded and saved are compare-and-set too.
        _ = chunk.Property(c => c.Attempt).IsConcurrencyToken();
        _ = chunk.Property(c => c.State).IsConcurrencyToken();
        _ = chunk
            .HasIndex(c => new
            {
                c.JobId,
                c.Cost,
                c.Index,
            })
            .IsDescending(false, true, false)
            .HasFilter("\"State\" = 'Waiting'");
        _ = chunk.HasIndex(c => c.LeaseUntil).HasFilter("\"State\" IN ('Released', 'Running')");
        _ = chunk.HasIndex(c => c.JobId).HasFilter("\"State\" <> 'Fused'");
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

    private static void ConfigureEvents(EntityTypeBuilder<JobEventRow> told)
    {
        _ = told.HasKey(e => new { e.JobId, e.Number });
        _ = told.Property(e => e.Number).ValueGeneratedNever();
        _ = told.HasOne<JobRow>().WithMany().HasForeignKey(e => e.JobId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void ConfigureReplays(EntityTypeBuilder<ReplayRow> replay)
    {
        _ = replay.HasKey(r => new
        {
            r.JobId,
            r.ChunkIndex,
            r.Number,
        });
        _ = replay.HasIndex(r => r.LeaseUntil).HasFilter("\"LeaseUntil\" IS NOT NULL");
        _ = replay.Property(r => r.DifferentFrames).AsJson();
        _ = replay.Property(r => r.Failure).AsJson();
        _ = replay.HasOne<JobRow>().WithMany().HasForeignKey(r => r.JobId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void ConfigureIdempotency(EntityTypeBuilder<IdempotencyRow> request)
    {
        _ = request.HasKey(r => new { r.TenantId, r.Key });
        _ = request.HasIndex(r => r.CreatedAt);
    }

    private static void ConfigureBatches(EntityTypeBuilder<BatchRow> batch)
    {
        _ = batch.Property(b => b.Id).ValueGeneratedNever();
        _ = batch.HasIndex(b => b.State).HasFilter($"\"State\" NOT IN ({Names(BatchRow.Over)})");
        _ = batch.HasIndex(b => new
        {
            b.TenantId,
            b.CreatedAt,
            b.Id,
        });
        _ = batch.Property(b => b.Defaults).AsJson();
    }

    private static void ConfigureEntries(EntityTypeBuilder<BatchEntryRow> entry)
    {
        _ = entry.HasKey(e => new { e.BatchId, e.Line });
        _ = entry.Property(e => e.Line).ValueGeneratedNever();
        _ = entry.Property(e => e.Faults).AsJson();
        _ = entry.HasOne<BatchRow>().WithMany().HasForeignKey(e => e.BatchId).OnDelete(DeleteBehavior.Cascade);
    }

    /// <summary>States as the filter of an index lists them.</summary>
    private static string Names<T>(IEnumerable<T> states) => string.Join(", ", states.Select(state => $"'{state}'"));

    private static void ConfigureUploads(EntityTypeBuilder<UploadRow> upload)
    {
        _ = upload.Property(u => u.Id).ValueGeneratedNever();
        _ = upload.HasIndex(u => new { u.TenantId, u.Sha256 });
        _ = upload.HasIndex(u => u.ExpiresAt);
        _ = upload.Property(u => u.Media).AsJson();
        _ = upload.Property(u => u.Failure).AsJson();
    }

    private static void ConfigureSources(EntityTypeBuilder<SourceRow> source)
    {
        _ = source.Property(s => s.Id).ValueGeneratedNever();
        _ = source.HasIndex(s => new
        {
            s.TenantId,
            s.CreatedAt,
            s.Id,
        });
        _ = source.Property(s => s.UploadIds).AsJson();
        _ = source.Property(s => s.PhotoSha256).AsJson();
    }
}
