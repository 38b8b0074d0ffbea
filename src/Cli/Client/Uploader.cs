using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>
/// Brings files to a fleet. What it has is not sent again: neither a file of the same bytes nor, within a day, the blocks of an
/// upload that was broken off.
/// </summary>
internal sealed class Uploader(ApiConnection connection, ProgressView progress)
{
    private const int WaitSeconds = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <returns>Ready.</returns>
    /// <exception cref="ApiCallException">It is refused, or could not be brought.</exception>
    public async Task<ApiUpload> BringAsync(string path, UploadFor purpose, CancellationToken stop)
    {
        string name = Printable.Of(Path.GetFileName(path));
        progress.Show(new ByteProgress($"read {name}", 0, 0, 0));
        CreateUpload asked = new()
        {
            FileName = Path.GetFileName(path),
            SizeBytes = new FileInfo(path).Length,
            Sha256 = await FileHash.OfAsync(path, stop),
            Purpose = purpose,
        };
        ApiUpload upload = await AnnounceAsync(asked, stop);
        if (upload.State == UploadStep.AwaitingBytes)
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, true);
            await new BlockSender(connection, file.SafeFileHandle, upload, progress, $"upload {name}").SendAsync(stop);
            progress.Show(new ByteProgress($"check {name}", 0, 0, 0));
            upload = await CompleteAsync(upload.Id, stop);
        }

        return upload;
    }

    /// <summary>An upload of these bytes that is ready or takes blocks; one begun by an earlier run of the program, if there is one.</summary>
    private async Task<ApiUpload> AnnounceAsync(CreateUpload asked, CancellationToken stop)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(asked, ApiJson.Answers);
        string key = $"upload-{Convert.ToHexStringLower(SHA256.HashData(body))}";
        ApiCall call = ApiCall.Post("v1/uploads", asked) with { Patience = Patience };
        ApiUpload made = await connection.AskAsync<ApiUpload>(call.Once(key), stop);
        if (made.State == UploadStep.Ready)
        {
            return made;
        }

        // The answer may be that of an earlier run, and things have gone on since.
        ApiUpload? now = await FindAsync(made.Id, stop);
        bool isOpen = now is { State: UploadStep.AwaitingBytes } && now.ExpireTime > TimeProvider.System.GetUtcNow();
        return now switch
        {
            { State: UploadStep.Ready } => now,
            { State: UploadStep.Verifying } => await CompleteAsync(now.Id, stop),
            not null when isOpen => now,
            _ => await connection.AskAsync<ApiUpload>(call.Once($"upload-{Guid.NewGuid():N}"), stop),
        };
    }

    private async Task<ApiUpload?> FindAsync(string id, CancellationToken stop)
    {
        try
        {
            return await connection.AskAsync<ApiUpload>(
                ApiCall.Get($"v1/uploads/{id}") with
                {
                    Patience = Patience,
                },
                stop
            );
        }
        catch (ApiCallException e) when (e.Exit == ExitCode.NotFound)
        {
            return null;
        }
    }

    private async Task<ApiUpload> CompleteAsync(string id, CancellationToken stop)
    {
        ApiCall call = ApiCall.Post($"v1/uploads/{id}:complete").With("Prefer", $"wait={WaitSeconds}") with
        {
            IsRepeatable = true,
            Patience = Patience,
        };
        while (true)
        {
            ApiUpload upload = await connection.AskAsync<ApiUpload>(call, stop);
            if (upload.State != UploadStep.Verifying)
            {
                return upload;
            }
        }
    }
}
