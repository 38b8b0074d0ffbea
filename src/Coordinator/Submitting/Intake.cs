using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Brings the user's files into the store, by the hash of their bytes. The bytes hashed are the bytes stored.</summary>
public sealed class Intake(IBlobStore store)
{
    public Task<string> TakeTargetAsync(string path, CancellationToken cancellationToken) =>
        TakeAsync(path, "target", BlobNames.Target, cancellationToken);

    public Task<string> TakePhotoAsync(string path, CancellationToken cancellationToken) =>
        TakeAsync(path, "source", BlobNames.Photo, cancellationToken);

    private async Task<string> TakeAsync(
        string path,
        string role,
        Func<string, BlobName> nameOf,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            if (file.Length == 0)
            {
                throw new InvalidVideoException(
                    $"{role}-empty",
                    $"{path} is empty: give a file with content as {role}."
                );
            }

            string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            if (await store.FindLengthAsync(nameOf(sha256), cancellationToken) is not null)
            {
                return sha256;
            }

            file.Position = 0;
            await using HashingStream content = new(file);
            _ = await store.PutAsync(nameOf(sha256), content, cancellationToken);
            if (content.Sha256() != sha256)
            {
                await store.DeleteAsync(nameOf(sha256), CancellationToken.None);
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
