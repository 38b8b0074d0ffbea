using System.Security.Cryptography;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Faults.Tests.Checking;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>Reads what a job left in the database and the store.</summary>
internal static class EvidenceReader
{
    public static async Task<Evidence> ReadAsync(FaultyFleet fleet, Guid jobId, string target)
    {
        await using JobsDbContext context = await fleet.Contexts.CreateDbContextAsync();
        JobRow job = await context.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
        List<StoredBlob> blobs = [];
        await foreach (BlobName name in fleet.Blobs.ListAsync(BlobNames.JobFolder(jobId), CancellationToken.None))
        {
            if (await ReadAsync(fleet, name) is { } blob)
            {
                blobs.Add(blob);
            }
        }

        return new Evidence
        {
            Job = job,
            Chunks = await context
                .Chunks.AsNoTracking()
                .Where(c => c.JobId == jobId)
                .OrderBy(c => c.Index)
                .ToListAsync(),
            Attempts = await context
                .Attempts.AsNoTracking()
                .Where(a => a.JobId == jobId)
                .OrderBy(a => a.ChunkIndex)
                .ThenBy(a => a.Attempt)
                .ToListAsync(),
            Blobs = blobs,
            TargetSha256 = (await ReadAsync(fleet, BlobNames.Target(job.TargetSha256)))?.Sha256 ?? "",
            Target = VideoFacts.Of(target),
            Result = job.ResultBlob is null ? null : await ReadResultAsync(fleet, BlobName.Parse(job.ResultBlob)),
            Regressions = [],
        };
    }

    /// <summary>Null: deleted since it was listed.</summary>
    private static async Task<StoredBlob?> ReadAsync(FaultyFleet fleet, BlobName name)
    {
        try
        {
            await using Stream content = await fleet.Blobs.OpenReadAsync(name, CancellationToken.None);
            byte[] hash = await SHA256.HashDataAsync(content);
            long length = await fleet.Blobs.FindLengthAsync(name, CancellationToken.None) ?? 0;
            return new StoredBlob(name.Value, length, Convert.ToHexStringLower(hash));
        }
        catch (BlobStoreException)
        {
            // Azurite says that a condition is not met where the blob is gone.
            if (await fleet.Blobs.FindLengthAsync(name, CancellationToken.None) is not null)
            {
                throw;
            }

            return null;
        }
    }

    private static async Task<VideoFacts?> ReadResultAsync(FaultyFleet fleet, BlobName name)
    {
        string path = Path.Combine(fleet.Folder, $"{Guid.NewGuid():N}.mp4");
        try
        {
            await using (Stream content = await fleet.Blobs.OpenReadAsync(name, CancellationToken.None))
            await using (FileStream file = File.Create(path))
            {
                await content.CopyToAsync(file);
            }

            return VideoFacts.Of(path);
        }
        catch (BlobStoreException e) when (e.Code == "blob-missing")
        {
            return null;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
