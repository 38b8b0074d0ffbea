using System.Net;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Outputs;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>
/// Fetches an output of a job into a file. What has come of it rests beside that file until it is whole and its SHA-256 is right, so
/// that a download that broke off goes on, and nobody finds half a result under its name.
/// </summary>
/// <param name="connection">To the coordinator.</param>
/// <param name="progress">Is shown the bytes that are there.</param>
internal sealed class Downloader(ApiConnection connection, ProgressView progress)
{
    private const int BufferBytes = 1 << 18;

    /// <summary>Of tries in a row that brought nothing.</summary>
    private const int MostTries = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <param name="job">Its id.</param>
    /// <param name="output">One of its outputs.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <param name="stop">Ends it; what has come stays for the next time.</param>
    /// <exception cref="ApiCallException">It could not be fetched, or is not what its SHA-256 says.</exception>
    public async Task FetchAsync(string job, ApiOutput output, string path, bool overwrite, CancellationToken stop)
    {
        // With other bytes it has another name, so that parts of two results are never put together.
        string part = output.Sha256 is { Length: >= 8 } sha ? $"{path}.{sha[..8]}.part" : $"{path}.part";
        try
        {
            await using (FileStream file = new(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                if (output.Sha256 is null || file.Length > output.Bytes)
                {
                    file.SetLength(0);
                }

                await FillAsync(job, output, file, stop);
            }

            await VerifyAsync(output, part, stop);
            File.Move(part, path, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                "output-not-writable",
                $"{path} could not be written ({Printable.Of(e.Message)}).",
                isTransient: false,
                e
            );
        }
        finally
        {
            progress.End();
        }
    }

    private async Task FillAsync(string job, ApiOutput output, FileStream file, CancellationToken stop)
    {
        long start = TimeProvider.System.GetTimestamp();
        long before = file.Length;
        int tries = 0;
        _ = file.Seek(0, SeekOrigin.End);
        while (file.Length < output.Bytes)
        {
            long had = file.Length;
            try
            {
                using HttpResponseMessage answer = await OpenAsync(job, output, had, stop);
                if (answer.StatusCode != HttpStatusCode.PartialContent)
                {
                    file.SetLength(0);
                    (had, before) = (0, 0);
                }

                await CopyAsync(answer, file, output.Bytes, Show, stop);
            }
            catch (ApiCallException e) when (e.Code is "download-broken" or "http-403" && tries < MostTries)
            {
                // The address of a store is good for minutes; the coordinator gives another.
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }

            tries = file.Length > had ? 0 : tries + 1;
            if (tries > MostTries)
            {
                throw Broken(null);
            }
        }

        void Show()
        {
            double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            double perSecond = seconds > 0 ? (file.Length - before) / seconds : 0;
            string name = Printable.Of(output.FileName);
            progress.Show(new ByteProgress($"download {name}", file.Length, output.Bytes, perSecond));
        }
    }

    /// <summary>The answer that has the bytes: the coordinator's, or that of the store that it points to.</summary>
    private async Task<HttpResponseMessage> OpenAsync(string job, ApiOutput output, long from, CancellationToken stop)
    {
        ApiCall call = ApiCall.Get($"{FleetJobs.PathOf(job)}/outputs/{Uri.EscapeDataString(output.Name)}") with
        {
            Patience = Patience,
        };
        if (from > 0)
        {
            call = call.With("Range", $"bytes={from}-");
        }

        HttpResponseMessage answer = await connection.SendAsync(call, stop);
        if ((int)answer.StatusCode is not (>= 300 and < 400))
        {
            return answer;
        }

        Uri? address = answer.Headers.Location;
        answer.Dispose();
        return address is { IsAbsoluteUri: true, Scheme: "http" or "https" }
            ? await connection.SendToAsync(address.ToString(), call, stop)
            : throw new ApiCallException(
                ExitCode.Unavailable,
                "server-strange",
                $"{connection.Server} does not say where the bytes are."
            );
    }

    private static async Task CopyAsync(
        HttpResponseMessage answer,
        FileStream file,
        long length,
        Action show,
        CancellationToken stop
    )
    {
        byte[] buffer = new byte[BufferBytes];
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Stream? body = null;
        try
        {
            silence.CancelAfter(Silence);
            body = await answer.Content.ReadAsStreamAsync(silence.Token);
            while (true)
            {
                silence.CancelAfter(Silence);
                int read = await ReadAsync(body, buffer, silence.Token);
                if (read == 0)
                {
                    return;
                }

                if (file.Length + read > length)
                {
                    throw Wrong("It is longer than the server said.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), stop);
                show();
            }
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw Broken(e);
        }
        finally
        {
            if (body is not null)
            {
                await body.DisposeAsync();
            }
        }
    }

    /// <summary>Trouble of the connection, told from trouble of the disk.</summary>
    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken stop)
    {
        try
        {
            return await body.ReadAsync(buffer, stop);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Broken(e);
        }
    }

    private async Task VerifyAsync(ApiOutput output, string part, CancellationToken stop)
    {
        if (output.Sha256 is null)
        {
            return;
        }

        progress.Show(new ByteProgress($"verify {Printable.Of(output.FileName)}", 0, 0, 0));
        if (await FileHash.OfAsync(part, stop) != output.Sha256)
        {
            File.Delete(part);
            throw Wrong("Its SHA-256 is not that of the job's result.");
        }
    }

    private static ApiCallException Wrong(string what) =>
        new(ExitCode.VerificationFailed, "result-digest", $"{what} Nothing was written: run the command again.");

    private static ApiCallException Broken(Exception? cause) =>
        new(
            ExitCode.Unavailable,
            "download-broken",
            "The download broke off again and again: run the command again, and it goes on from what is there.",
            cause
        );
}
