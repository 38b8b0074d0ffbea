using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>What a tenant has of what jobs ask for.</summary>
/// <param name="Targets">Ready uploads for targets.</param>
/// <param name="Sources">Sources.</param>
internal sealed record KnownParts(
    IReadOnlyDictionary<Guid, UploadRow> Targets,
    IReadOnlyDictionary<Guid, SourceRow> Sources
)
{
    /// <summary>Null: the tenant has no such target.</summary>
    public UploadRow? Target(string text) =>
        ApiIds.TryRead(ApiIds.Upload, text, out Guid id) ? Targets.GetValueOrDefault(id) : null;

    /// <summary>Null: the tenant has no such source.</summary>
    public SourceRow? Source(string text) =>
        ApiIds.TryRead(ApiIds.Source, text, out Guid id) ? Sources.GetValueOrDefault(id) : null;
}

/// <summary>Looks up what jobs ask for: two queries, however many jobs.</summary>
internal sealed class JobParts(IDbContextFactory<JobsDbContext> contexts)
{
    public async Task<KnownParts> FindAsync(string tenant, IReadOnlyList<CreateJob> asked, CancellationToken stop)
    {
        HashSet<Guid> uploads = [];
        HashSet<Guid> sources = [];
        foreach (CreateJob job in asked)
        {
            if (ApiIds.TryRead(ApiIds.Upload, job.Target, out Guid upload))
            {
                _ = uploads.Add(upload);
            }

            foreach (string text in job.Sources.Take(JobRules.MostSources))
            {
                if (ApiIds.TryRead(ApiIds.Source, text, out Guid source))
                {
                    _ = sources.Add(source);
                }
            }
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return new KnownParts(
            await context
                .Uploads.AsNoTracking()
                .Where(u => uploads.Contains(u.Id) && u.TenantId == tenant)
                .Where(u => u.State == UploadState.Ready && u.Purpose == UploadPurpose.Target)
                .ToDictionaryAsync(u => u.Id, stop),
            sources.Count == 0
                ? new Dictionary<Guid, SourceRow>()
                : await context
                    .Sources.AsNoTracking()
                    .Where(s => sources.Contains(s.Id) && s.TenantId == tenant)
                    .ToDictionaryAsync(s => s.Id, stop)
        );
    }
}
