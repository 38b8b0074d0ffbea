using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Webhooks;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>What may be done to a job that is there.</summary>
internal sealed class JobControl(
    IDbContextFactory<JobsDbContext> contexts,
    Submitting.Jobs jobs,
    IBlobStore store,
    WakeSignal wake,
    TimeProvider clock
)
{
    /// <exception cref="ProblemException">A value is out of its range, or the job has changed since that version.</exception>
    public async Task PatchAsync(JobRow job, long? version, PatchJob asked)
    {
        Fields fields = new();
        fields.Require(asked.Priority is null or (>= 0 and <= 100), "/priority", "It must be 0 to 100.");
        Dictionary<string, string> labels = Labels.Read(job.Labels);
        fields.Add(Labels.FindWrong(asked.Labels ?? new Dictionary<string, string?>(), mayRemove: true));
        foreach ((string key, string? value) in asked.Labels ?? new Dictionary<string, string?>())
        {
            _ = labels.Remove(key);
            if (value is not null)
            {
                labels[key] = value;
            }
        }

        fields.Require(labels.Count <= Labels.Most, "/labels", $"At most {Labels.Most} are taken.");
        fields.Done();
        // Also without a version named, labels are merged into those that were read.
        long seen = version ?? job.Version;
        bool isDone = await ChangeAsync(
            job,
            all => all.Where(j => j.Version == seen),
            set =>
                set.SetProperty(j => j.Priority, asked.Priority ?? job.Priority)
                    .SetProperty(j => j.Labels, Labels.Write(labels))
        );
        if (!isDone)
        {
            throw new ProblemException(ProblemKind.Stale, "It has changed since that version: read it again.");
        }

        wake.Set();
    }

    /// <summary>Again is no error.</summary>
    /// <exception cref="ProblemException">409: it has ended otherwise, or its result is being published.</exception>
    public async Task CancelAsync(JobRow job, string? reason)
    {
        if (job.State == JobState.Cancelled)
        {
            return;
        }

        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        if (reason is not null)
        {
            string clean = DisplayNames.Clean(reason);
            _ = await ChangeAsync(
                job,
                all => all.Where(j => !terminal.Contains(j.State) && !j.Publishing),
                set => set.SetProperty(j => j.CancelReason, clean)
            );
        }

        if (!await jobs.CancelAsync(job.Id, CancellationToken.None))
        {
            throw new ProblemException(
                ProblemKind.InvalidState,
                "The job has ended, or its result is being published."
            );
        }
    }

    /// <exception cref="ProblemException">409: it has not failed and is not cancelled.</exception>
    public async Task RetryAsync(JobRow job)
    {
        if (!await jobs.RetryAsync(job.Id, CancellationToken.None))
        {
            throw new ProblemException(ProblemKind.InvalidState, "Only a job that failed or was cancelled is retried.");
        }
    }

    /// <summary>Paused or resumed already is no error.</summary>
    /// <exception cref="ProblemException">409: it has ended.</exception>
    public async Task PauseAsync(JobRow job, bool isPaused)
    {
        if (job.State.IsTerminal())
        {
            throw new ProblemException(ProblemKind.InvalidState, "The job has ended.");
        }

        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset? at = isPaused ? now : null;
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync();
        IQueryable<JobRow> row = context.Jobs.Where(j => j.Id == job.Id);
        int changed = await row.Where(j => !terminal.Contains(j.State) && (j.PausedAt != null) != isPaused)
            .ChangeAsync(now, set => set.SetProperty(j => j.PausedAt, at), CancellationToken.None);
        if (changed == 1)
        {
            JobEventRow told = new()
            {
                JobId = job.Id,
                At = now,
                Kind = isPaused ? JobEventKind.Paused : JobEventKind.Resumed,
                State = await row.Select(j => j.State).SingleAsync(),
            };
            await context.AddEventsAsync([told], CancellationToken.None);
            _ = await context.SaveChangesAsync();
            await context.TellJobPausedAsync(job.Id, now, CancellationToken.None);
            await change.CommitAsync();
        }

        wake.Set();
    }

    /// <summary>The row, its chunks and all that the job has stored. Its target and sources stay: other jobs may use them.</summary>
    /// <exception cref="ProblemException">409: it has not ended; 412.</exception>
    public async Task DeleteAsync(JobRow job, long? version)
    {
        if (!job.State.IsTerminal())
        {
            throw new ProblemException(ProblemKind.InvalidState, "The job has not ended: cancel it first.");
        }

        long seen = version ?? job.Version;
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        int deleted = await context
            .Jobs.Where(j => j.Id == job.Id && j.Version == seen && terminal.Contains(j.State))
            .ExecuteDeleteAsync();
        if (deleted == 0)
        {
            throw new ProblemException(ProblemKind.Stale, "It has changed since that version: read it again.");
        }

        await foreach (BlobName name in store.ListAsync(BlobNames.JobFolder(job.Id), CancellationToken.None))
        {
            await store.DeleteAsync(name, CancellationToken.None);
        }
    }

    private async Task<bool> ChangeAsync(
        JobRow job,
        Func<IQueryable<JobRow>, IQueryable<JobRow>> only,
        Action<UpdateSettersBuilder<JobRow>> set
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        IQueryable<JobRow> rows = only(context.Jobs.Where(j => j.Id == job.Id));
        return 1 == await rows.ChangeAsync(clock.GetUtcNow(), set, CancellationToken.None);
    }
}
