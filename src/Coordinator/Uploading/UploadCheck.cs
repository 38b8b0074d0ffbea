using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Uploading;

/// <summary>
/// Puts an upload's blocks together and looks into them. Only bytes with the declared hash ever get a name by it: the file that is
/// hashed is the file that is stored.
/// </summary>
public sealed partial class UploadCheck(
    UploadBook uploads,
    IBlobStore store,
    Scratch scratch,
    MediaTools tools,
    ILogger<UploadCheck> logger
)
{
    public async Task RunAsync(CheckUpload order, CancellationToken stop)
    {
        if (await uploads.FindCheckedAsync(order.UploadId, order.Attempt, stop) is not { } upload)
        {
            return;
        }

        try
        {
            UploadedMedia? media = await CheckAsync(upload, stop);
            _ = await uploads.EndCheckAsync(upload, UploadState.Ready, media, null, stop);
            LogChecked(upload.Id, "ready");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process stops; whoever asks for the check again gets it when the lease is over.
            return;
        }
#pragma warning disable CA1031 // The outermost of the check: whatever it was, the upload must say so.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure failure = Failures.Of(e);
            // What a second try may cure leaves the blocks where they are.
            UploadState next = failure.IsTransient ? UploadState.AwaitingBytes : UploadState.Refused;
            _ = await uploads.EndCheckAsync(upload, next, null, failure, stop);
            LogChecked(upload.Id, failure.Code);
            if (failure.IsTransient)
            {
                return;
            }
        }

        await uploads.DeleteBlocksAsync(upload.Id, stop);
    }

    /// <returns>Null: it is no media, and whoever reads it finds out what is in it.</returns>
    private async Task<UploadedMedia?> CheckAsync(UploadRow upload, CancellationToken stop)
    {
        if (upload.Bytes == 0)
        {
            throw new InvalidVideoException("upload-empty", "The upload is empty: send a file with content.");
        }

        using Scratch.Folder folder = scratch.Make();
        string whole = folder.PathOf("upload");
        await JoinAsync(upload, whole, stop);
        if (upload.Purpose == UploadPurpose.Manifest)
        {
            _ = await store.PutFileAsync(UploadBook.PlaceOf(upload), whole, stop);
            return null;
        }

        ProbedVideo probed = await Task.Run(() => new VideoProbe(tools).Read(whole, stop), stop);
        if (upload.Purpose == UploadPurpose.Source && !probed.Format.IsStill)
        {
            throw new InvalidVideoException("source-unsupported", "A source is a photo: JPEG, PNG or WebP.");
        }

        _ = await store.PutFileAsync(UploadBook.PlaceOf(upload), whole, stop);
        return new UploadedMedia(
            probed.Format.Width,
            probed.Format.Height,
            probed.Format.IsStill,
            probed.Format.FrameRate,
            probed.DurationSeconds,
            probed.Streams.Count(s => s.Kind == StreamKind.Audio),
            probed.Format.Codec,
            probed.Warnings
        );
    }

    private async Task JoinAsync(UploadRow upload, string path, CancellationToken stop)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 17];
        await using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
        {
            for (int block = 0; block < UploadBook.BlockCount(upload); block++)
            {
                await using Stream content = await store.OpenReadAsync(BlobNames.UploadBlock(upload.Id, block), stop);
                int read;
                while ((read = await content.ReadAsync(buffer, stop)) > 0 && file.Length <= upload.Bytes)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), stop);
                }
            }
        }

        bool isRight =
            new FileInfo(path).Length == upload.Bytes
            && Convert.ToHexStringLower(hash.GetHashAndReset()) == upload.Sha256;
        if (!isRight)
        {
            throw new InvalidVideoException(
                "digest-mismatch",
                "The bytes are not those that were declared (length or SHA-256): make a new upload and send them again."
            );
        }
    }

    [LoggerMessage(EventIds.UploadChecked, LogLevel.Information, "Upload {UploadId} checked: {Outcome}")]
    private partial void LogChecked(Guid uploadId, string outcome);
}
