using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace FaceFusion.Batch.Cli.Fetching;

/// <summary>Asks servers for files, follows where they may point to, and tells trouble that passes from trouble that stays.</summary>
internal sealed class ModelServer : IDisposable
{
    private readonly FetchLimits _limits;
    private readonly HttpClient _client;

    public ModelServer(FetchLimits limits)
    {
        _limits = limits;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            AutomaticDecompression = DecompressionMethods.None,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ffb", "1"));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The answer 200, 206 or 416.</summary>
    /// <param name="url">Of the file.</param>
    /// <param name="from">Bytes that are here already.</param>
    /// <param name="tag">Of the whole that these belong to: if the server has another it sends all. Null: all is asked for.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="FetchException">Any other answer, or none.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, long from, string? tag, CancellationToken stop)
    {
        Uri address = url;
        for (int hops = 0; hops <= _limits.MostRedirects; hops++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            if (from > 0 && tag is not null)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue(tag));
            }

            HttpResponseMessage answer = await SendAsync(request, stop);
            int status = (int)answer.StatusCode;
            if (status is 200 or 206 or 416)
            {
                return answer;
            }

            Uri? next = answer.Headers.Location is { } location ? new Uri(address, location) : null;
            answer.Dispose();
            if (status is not (301 or 302 or 303 or 307 or 308) || next is null)
            {
                throw new FetchException($"answered {status}", mayPass: status is 408 or 429 or >= 500);
            }

            address = ModelAddresses.MayFollow(address, next)
                ? next
                : throw new FetchException("points to an address without TLS", mayPass: false);
        }

        throw new FetchException("points from one address to the next", mayPass: false);
    }

    /// <summary>Fills the buffer again and again; the numbers of bytes in it.</summary>
    /// <exception cref="FetchException">The connection broke, or brought nothing for too long.</exception>
    public async IAsyncEnumerable<int> ReadAsync(
        HttpResponseMessage answer,
        byte[] buffer,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(stop);
        while (true)
        {
            int read = await WithPatienceAsync(token => body.ReadAsync(buffer, token).AsTask(), stop);
            if (read == 0)
            {
                yield break;
            }

            yield return read;
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop) =>
        WithPatienceAsync(token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), stop);

    private async Task<T> WithPatienceAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silence.CancelAfter(_limits.Silence);
        try
        {
            return await ask(silence.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new FetchException("was silent for too long", mayPass: true, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            string what = e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
                ? "has no certificate that could be trusted"
                : "could not be reached, or broke off";
            throw new FetchException(what, mayPass: true, e);
        }
    }
}
