using System.Security.Cryptography;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Uploads;
using Microsoft.Win32.SafeHandles;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>Sends the blocks of one upload that are not there yet, some at a time, to the coordinator or straight to the blob store.</summary>
/// <param name="connection">To the coordinator.</param>
/// <param name="file">The bytes.</param>
/// <param name="upload">It takes blocks.</param>
/// <param name="progress">Is shown the bytes that are there.</param>
/// <param name="stage">What that is called.</param>
internal sealed class BlockSender(
    ApiConnection connection,
    SafeFileHandle file,
    ApiUpload upload,
    ProgressView progress,
    string stage
)
{
    private const int AtOnce = 4;
    private const int PageSize = 1000;
    private const int MostRounds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BlockTimeout = TimeSpan.FromMinutes(10);

    private readonly Lock _counting = new();
    private long _there;
    private long _sent;
    private long _start;

    /// <exception cref="ApiCallException">A block was refused again and again.</exception>
    public async Task SendAsync(CancellationToken stop)
    {
        _start = TimeProvider.System.GetTimestamp();
        for (int round = 1; ; round++)
        {
            List<ApiBlock> blocks = await ListAsync(stop);
            ApiBlock[] missing = [.. blocks.Where(block => !block.Received)];
            _there = upload.SizeBytes - missing.Sum(block => block.SizeBytes);
            Show();
            if (missing.Length == 0)
            {
                return;
            }

            try
            {
                ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
                await Parallel.ForEachAsync(missing, some, PutAsync);
            }
            // An address whose time was up, or a block that was there although its answer was lost: the list tells which.
            catch (ApiCallException e) when (e.Code is "http-403" or "http-409" or "http-412" && round < MostRounds) { }
        }
    }

    private async Task<List<ApiBlock>> ListAsync(CancellationToken stop)
    {
        List<ApiBlock> blocks = [];
        string? token = null;
        do
        {
            string query = $"pageSize={PageSize}" + (token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}");
            ApiCall call = ApiCall.Get($"v1/uploads/{upload.Id}/blocks?{query}") with { Patience = Patience };
            ApiBlockList page = await connection.AskAsync<ApiBlockList>(call, stop);
            blocks.AddRange(page.Blocks);
            token = page.NextPageToken;
        } while (token is not null);

        return blocks;
    }

    private async ValueTask PutAsync(ApiBlock block, CancellationToken stop)
    {
        byte[] bytes = new byte[block.SizeBytes];
        long from = (long)block.Number * (upload.BlockSizeBytes ?? 0);
        int read = 0;
        while (read < bytes.Length)
        {
            int more = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), from + read, stop);
            read += more > 0 ? more : throw Shrunk();
        }

        string digest = Convert.ToBase64String(SHA256.HashData(bytes));
        ApiCall call = new(HttpMethod.Put, "")
        {
            Body = bytes,
            ContentType = "application/octet-stream",
            Headers = block.Headers ?? new Dictionary<string, string> { ["Content-Digest"] = $"sha-256=:{digest}:" },
            IsRepeatable = true,
            Patience = Patience,
            Timeout = BlockTimeout,
        };
        (await connection.SendToAsync(block.Url ?? throw NoAddress(), call, stop)).Dispose();
        lock (_counting)
        {
            _there += bytes.Length;
            _sent += bytes.Length;
            Show();
        }
    }

    private void Show()
    {
        double seconds = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        progress.Show(new ByteProgress(stage, _there, upload.SizeBytes, seconds > 0 ? _sent / seconds : 0));
    }

    private static ApiCallException Shrunk() =>
        new(ExitCode.Precheck, "file-changed", "The file became shorter while it was uploaded: run the command again.");

    private static ApiCallException NoAddress() =>
        new(ExitCode.NotFound, "upload-expired", "The upload takes no more blocks: run the command again.");
}
