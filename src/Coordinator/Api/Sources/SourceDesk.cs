using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Sources;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Sources;

/// <summary>What may be asked of sources.</summary>
internal sealed class SourceDesk(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    private const int MostPhotos = 16;

    public async Task<SourceRow> CreateAsync(string tenant, Guid id, CreateSource asked, CancellationToken stop)
    {
        Fields fields = new();
        fields.Require(
            asked.Name.Length is >= 1 and <= 64
                && asked.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'),
            "/name",
            "It must be 1 to 64 of a-z, 0-9, '-' and '_'."
        );
        fields.Require(asked.Uploads.Count is >= 1 and <= MostPhotos, "/uploads", $"It must hold 1 to {MostPhotos}.");
        fields.Done();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        if (await context.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, stop) is { } known)
        {
            return known;
        }

        List<UploadRow> photos = [];
        for (int i = 0; i < asked.Uploads.Count; i++)
        {
            UploadRow? photo = ApiIds.TryRead(ApiIds.Upload, asked.Uploads[i], out Guid upload)
                ? await context.Uploads.SingleOrDefaultAsync(u => u.Id == upload && u.TenantId == tenant, stop)
                : null;
            bool isGood = photo is { State: UploadState.Ready, Purpose: UploadPurpose.Source };
            fields.Require(isGood, $"/uploads/{i}", "It is no ready upload of yours for a source.");
            if (isGood)
            {
                photos.Add(photo!);
            }
        }

        fields.Done();
        SourceRow made = new()
        {
            Id = id,
            TenantId = tenant,
            Name = asked.Name,
            UploadIds = [.. photos.Select(p => p.Id)],
            PhotoSha256 = [.. photos.Select(p => p.Sha256)],
            CreatedAt = clock.GetUtcNow(),
        };
        _ = context.Sources.Add(made);
        _ = await context.SaveChangesAsync(stop);
        return made;
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<SourceRow> FindAsync(string tenant, string sourceId, CancellationToken stop)
    {
        Guid id = Found.Id(ApiIds.Source, sourceId);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (
            await context.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.TenantId == tenant, stop)
        ).OrNotFound();
    }

    /// <summary>The newest first; one more than the page holds, if there are more.</summary>
    public async Task<IReadOnlyList<SourceRow>> ListAsync(string tenant, PageRequest page, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<SourceRow> all = context.Sources.AsNoTracking().Where(s => s.TenantId == tenant);
        if (page.Start is { } start)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(start.Number);
            all = all.Where(s => s.CreatedAt < at || (s.CreatedAt == at && s.Id.CompareTo(start.Id) < 0));
        }

        return await all.OrderByDescending(s => s.CreatedAt)
            .ThenByDescending(s => s.Id)
            .Take(page.Size + 1)
            .ToListAsync(stop);
    }

    public async Task DeleteAsync(SourceRow source, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        _ = await context.Sources.Where(s => s.Id == source.Id).ExecuteDeleteAsync(stop);
    }
}
