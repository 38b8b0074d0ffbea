using System.Globalization;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Uploading;

/// <summary>The rows of uploads, and which of their blocks are there.</summary>
public sealed class UploadBook(IDbContextFactory<JobsDbContext> contexts, IBlobStore store, TimeProvider clock)
{
    /// <summary>Longer than a check takes; whoever dies in one holds it up for as long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Enters an upload; if its tenant has these bytes already for the same purpose, a ready one. What others have is not looked at.
    /// </summary>
    /// <param name="asked">The row to be; one with its id that is there already stays.</param>
    /// <param name="cancellationToken">Nothing is entered.</param>
    public async Task<UploadRow> EnterAsync(UploadRow asked, CancellationToken cancellationToken)
    {
        if (await FindAsync(asked.TenantId, asked.Id, cancellationToken) is { } known)
        {
            return known;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        UploadRow? same = await context
            .Uploads.AsNoTracking()
            .Where(u => u.TenantId == asked.TenantId && u.Sha256 == asked.Sha256)
            .Where(u => u.State == UploadState.Ready && u.Purpose == asked.Purpose && u.Bytes == asked.Bytes)
            .OrderBy(u => u.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (same is not null && await store.FindLengthAsync(PlaceOf(asked), cancellationToken) == asked.Bytes)
        {
            asked.State = UploadState.Ready;
            asked.IsDeduplicated = true;
            asked.Media = same.Media;
        }

        _ = context.Uploads.Add(asked);
        _ = await context.SaveChangesAsync(cancellationToken);
        return asked;
    }

    /// <summary>Null: the tenant has none with this id.</summary>
    public async Task<UploadRow?> FindAsync(string tenantId, Guid uploadId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Uploads.AsNoTracking()
            .SingleOrDefaultAsync(u => u.Id == uploadId && u.TenantId == tenantId, cancellationToken);
    }

    /// <summary>Where the bytes of a ready upload rest.</summary>
    public static BlobName PlaceOf(UploadRow upload) =>
        upload.Purpose switch
        {
            UploadPurpose.Target => BlobNames.Target(upload.Sha256),
            UploadPurpose.Source => BlobNames.Photo(upload.Sha256),
            _ => BlobNames.Manifest(upload.Sha256),
        };

    public static int BlockCount(UploadRow upload) => (int)((upload.Bytes + upload.BlockBytes - 1) / upload.BlockBytes);

    /// <summary>Bytes of one block.</summary>
    public static long LengthOf(UploadRow upload, int block) =>
        Math.Min(upload.BlockBytes, upload.Bytes - ((long)block * upload.BlockBytes));

    /// <summary>Numbers of the blocks that are there.</summary>
    public async Task<IReadOnlySet<int>> ReceivedAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        HashSet<int> numbers = [];
        string folder = BlobNames.UploadFolder(uploadId);
        await foreach (BlobName name in store.ListAsync(folder, cancellationToken))
        {
            _ = numbers.Add(int.Parse(name.Value.AsSpan(folder.Length), CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    /// <summary>Begins a check, or begins it again where one was lost; the attempt. Null: it is under way, or over.</summary>
    public async Task<int?> BeginCheckAsync(UploadRow seen, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        int changed = await context
            .Uploads.Where(u => u.Id == seen.Id && u.Attempt == seen.Attempt)
            .Where(u =>
                u.State == UploadState.AwaitingBytes || (u.State == UploadState.Verifying && u.LeaseUntil < now)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(u => u.State, UploadState.Verifying)
                        .SetProperty(u => u.Attempt, seen.Attempt + 1)
                        .SetProperty(u => u.LeaseUntil, now + Lease),
                cancellationToken
            );
        return changed == 1 ? seen.Attempt + 1 : null;
    }

    /// <summary>The upload of an order that is not void; null for any other.</summary>
    public async Task<UploadRow?> FindCheckedAsync(Guid uploadId, int attempt, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Uploads.AsNoTracking()
            .SingleOrDefaultAsync(
                u => u.Id == uploadId && u.Attempt == attempt && u.State == UploadState.Verifying,
                cancellationToken
            );
    }

    /// <summary>Ends a check: ready with what was found, refused with the reason, or (neither) to be tried again.</summary>
    public async Task<bool> EndCheckAsync(
        UploadRow upload,
        UploadState state,
        UploadedMedia? media,
        Failure? failure,
        CancellationToken cancellationToken
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return 1
            == await context
                .Uploads.Where(u => u.Id == upload.Id && u.Attempt == upload.Attempt)
                .Where(u => u.State == UploadState.Verifying)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(u => u.State, state)
                            .SetProperty(u => u.LeaseUntil, (DateTimeOffset?)null)
                            .SetProperty(u => u.Media, media)
                            .SetProperty(u => u.Failure, failure),
                    cancellationToken
                );
    }

    /// <summary>The row and its blocks. The bytes of a ready upload stay: jobs and sources may use them.</summary>
    public async Task DeleteAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        _ = await context.Uploads.Where(u => u.Id == upload.Id).ExecuteDeleteAsync(cancellationToken);
        await DeleteBlocksAsync(upload.Id, cancellationToken);
    }

    public async Task DeleteBlocksAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        await foreach (BlobName name in store.ListAsync(BlobNames.UploadFolder(uploadId), cancellationToken))
        {
            await store.DeleteAsync(name, cancellationToken);
        }
    }
}
