using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Brings the user's files into the store, by the hash of their bytes. The bytes hashed are the bytes stored.</summary>
public sealed class Intake(IBlobStore store)
{
    /// <param name="path">The target.</param>
    /// <param name="known">As of <see cref="JobRequest.TargetSha256"/>.</param>
    /// <param name="cancellationToken">Ends it; the store is as it was.</param>
    public Task<string> TakeTargetAsync(string path, string? known, CancellationToken cancellationToken) =>
        TakeAsync(path, known, "target", BlobNames.Target, cancellationToken);

    public Task<string> TakePhotoAsync(string path, CancellationToken cancellationToken) =>
        TakeAsync(path, null, "source", BlobNames.Photo, cancellationToken);

    private async Task<string> TakeAsync(
        string path,
        string? known,
        string role,
        Func<string, BlobName> nameOf,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (file.Length == 0)
            {
                throw new InvalidVideoException(
                    $"{role}-empty",
                    $"{path} is empty: give a file with content as {role}."
                );
            }

            string sha256 = known ?? await FileHash.OfAsync(path, cancellationToken);
            if (await store.FindLengthAsync(nameOf(sha256), cancellationToken) is not null)
            {
                return sha256;
            }

            await using HashingStream content = new(file);
            bool isOurs = await store.PutAsync(nameOf(sha256), content, cancellationToken);
            if (content.Sha256() != sha256)
            {
                if (isOurs)
                {
                    await store.DeleteAsync(nameOf(sha256), CancellationToken.None);
                }

                throw new InvalidVideoException(
                    $"{role}-changing",
                    $"{path} changed while it was read: wait until it is written whole, and run the command again."
                );
            }

            return sha256;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidVideoException($"{role}-missing", $"There is no file {path}: check the path.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidVideoException(
                $"{role}-unreadable",
                $"{path} may not be read: check its permissions, and that it is a file.",
                e
            );
        }
    }
}
