using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Uploading;
using FaceFusion.Batch.Storage;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Api.Uploads;

/// <summary>What may be asked of uploads.</summary>
internal sealed class UploadDesk(UploadBook uploads, IBlobStore store, ApiOptions options, IBus bus, TimeProvider clock)
{
    private static readonly Dictionary<string, string> BlobHeaders = new() { ["x-ms-blob-type"] = "BlockBlob" };

    public Task<UploadRow> CreateAsync(string tenant, Guid id, CreateUpload asked, CancellationToken stop)
    {
        long most = asked.Purpose switch
        {
            UploadFor.Target => options.MaxTargetBytes,
            UploadFor.Source => options.MaxPhotoBytes,
            _ => options.MaxManifestBytes,
        };
        Fields fields = new();
        fields.Require(asked.FileName.Length > 0, "/fileName", "It must not be empty.");
        fields.Require(
            asked.Sha256.Length == 64 && asked.Sha256.All(char.IsAsciiHexDigitLower),
            "/sha256",
            "It must be 64 lower-case hexadecimal digits."
        );
        fields.Require(asked.SizeBytes >= 0, "/sizeBytes", "It must not be negative.");
        fields.Done();
        if (asked.SizeBytes > most)
        {
            throw new ProblemException(ProblemKind.TooLarge, $"/sizeBytes: at most {most} bytes are taken.");
        }

        DateTimeOffset now = clock.GetUtcNow();
        return uploads.EnterAsync(
            new UploadRow
            {
                Id = id,
                TenantId = tenant,
                Purpose = (UploadPurpose)asked.Purpose,
                FileName = DisplayNames.Clean(asked.FileName),
                Bytes = asked.SizeBytes,
                Sha256 = asked.Sha256,
                BlockBytes = options.BlockBytes,
                CreatedAt = now,
                ExpiresAt = now + TimeSpan.FromHours(options.UploadHours),
            },
            stop
        );
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<UploadRow> FindAsync(string tenant, string uploadId, CancellationToken stop) =>
        (await uploads.FindAsync(tenant, Found.Id(ApiIds.Upload, uploadId), stop)).OrNotFound();

    /// <summary>An upload that takes blocks.</summary>
    /// <exception cref="ProblemException">404, 409 or 410.</exception>
    public async Task<UploadRow> FindOpenAsync(string tenant, string uploadId, CancellationToken stop)
    {
        UploadRow upload = await FindAsync(tenant, uploadId, stop);
        if (upload.State != UploadState.AwaitingBytes)
        {
            throw new ProblemException(ProblemKind.InvalidState, "The upload takes no more blocks.");
        }

        return upload.ExpiresAt > clock.GetUtcNow()
            ? upload
            : throw new ProblemException(ProblemKind.Expired, "The time for its blocks is over: make a new upload.");
    }

    /// <summary>Which blocks there are, from <paramref name="from"/> on, and where to put those that are missing.</summary>
    public async Task<IReadOnlyList<ApiBlock>> ListBlocksAsync(
        UploadRow upload,
        int from,
        int count,
        CancellationToken stop
    )
    {
        IReadOnlySet<int> received = await uploads.ReceivedAsync(upload.Id, stop);
        int end = Math.Min(UploadBook.BlockCount(upload), from + count);
        bool isOpen = upload.State == UploadState.AwaitingBytes && upload.ExpiresAt > clock.GetUtcNow();
        List<ApiBlock> blocks = [];
        for (int block = from; block < end; block++)
        {
            bool isThere = received.Contains(block) || upload.State == UploadState.Ready;
            BlobName name = BlobNames.UploadBlock(upload.Id, block);
            bool isOurs = store.FindLocalPath(name) is not null;
            string? url =
                isThere || !isOpen ? null
                : isOurs ? $"/v1/uploads/{ApiIds.Write(ApiIds.Upload, upload.Id)}/blocks/{block}"
                : store.GetCreateUrl(name);
            long length = UploadBook.LengthOf(upload, block);
            blocks.Add(new ApiBlock(block, length, isThere, url, url is null || isOurs ? null : BlobHeaders));
        }

        return blocks;
    }

    /// <summary>Has the bytes checked, and waits for the outcome; the row as it then is.</summary>
    /// <exception cref="ProblemException">Blocks are missing, or the time for them is over.</exception>
    public async Task<UploadRow> CompleteAsync(UploadRow upload, TimeSpan wait, CancellationToken stop)
    {
        if (upload.State == UploadState.AwaitingBytes)
        {
            await RequireBlocksAsync(upload, stop);
        }

        if (await uploads.BeginCheckAsync(upload, stop) is { } attempt)
        {
            await bus.Publish(new CheckUpload(upload.Id, attempt), stop);
        }

        UploadRow last = upload;
        await Waits.UntilAsync(
            async token =>
            {
                last = (await uploads.FindAsync(upload.TenantId, upload.Id, token)).OrNotFound();
                return last.State != UploadState.Verifying;
            },
            wait,
            Waits.Soon,
            clock,
            stop
        );
        return last;
    }

    public Task DeleteAsync(UploadRow upload, CancellationToken stop) => uploads.DeleteAsync(upload, stop);

    private async Task RequireBlocksAsync(UploadRow upload, CancellationToken stop)
    {
        if (upload.ExpiresAt <= clock.GetUtcNow())
        {
            throw new ProblemException(ProblemKind.Expired, "The time for its blocks is over: make a new upload.");
        }

        int missing = UploadBook.BlockCount(upload) - (await uploads.ReceivedAsync(upload.Id, stop)).Count;
        if (missing > 0)
        {
            throw new ProblemException(ProblemKind.Incomplete, $"{missing} blocks are missing: put them first.");
        }
    }
}
