using System.Net.Http.Headers;
using System.Text.Json;
using FaceFusion.Batch.Cli.Terminals;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>The HTTP API of a fleet, asked with one key. What may be sent again is, while the server is away for a moment.</summary>
internal sealed class ApiConnection : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    /// <param name="server">With a slash at its end.</param>
    /// <param name="key">An API key.</param>
    /// <param name="clock">For pauses.</param>
    public ApiConnection(Uri server, string key, TimeProvider clock)
    {
        Server = server;
        _key = key;
        _clock = clock;
        // A redirect leads to another server, which must not get the key.
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ffb", "1"));
    }

    public Uri Server { get; }

    /// <summary>Is told, once for each request, that it will be sent again and why.</summary>
    public Action<ApiCallException>? OnWait { get; init; }

    /// <summary>The answer's body.</summary>
    /// <exception cref="ApiCallException">There is none.</exception>
    public async Task<T> AskAsync<T>(ApiCall call, CancellationToken stop)
    {
        using HttpResponseMessage answer = await SendAsync(call, stop);
        return await ReadAsync<T>(answer, stop);
    }

    /// <summary>An answer of 2xx or 3xx whose body is not read yet.</summary>
    /// <exception cref="ApiCallException">There is none.</exception>
    public Task<HttpResponseMessage> SendAsync(ApiCall call, CancellationToken stop) =>
        RepeatAsync(call, new Uri(Server, call.Path), isServer: true, stop);

    /// <summary>The same of an address that the server has named. If that is another server, it does not get the key.</summary>
    public Task<HttpResponseMessage> SendToAsync(string address, ApiCall call, CancellationToken stop)
    {
        // "/v1/…" is meant from the API's root, which a proxy may have below a path.
        bool isServer = address.StartsWith('/');
        return RepeatAsync(call, isServer ? new Uri(Server, address.TrimStart('/')) : new Uri(address), isServer, stop);
    }

    /// <exception cref="ApiCallException">It is not what was asked for.</exception>
    public async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(stop);
            return await JsonSerializer.DeserializeAsync<T>(body, ClientJson.Options, stop)
                ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ApiCallException(
                ExitCode.Unavailable,
                "server-strange",
                $"What {Server} answers is not the HTTP API of a fleet, or of another version: check --server.",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Broken(e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> RepeatAsync(
        ApiCall call,
        Uri address,
        bool isServer,
        CancellationToken stop
    )
    {
        long start = _clock.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                return await SendOnceAsync(call, address, isServer, stop);
            }
            catch (ApiCallException e) when (e.MayPass && (call.IsRepeatable || e.IsUnsent))
            {
                TimeSpan wait = e.RetryAfter ?? pause * (0.75 + (0.5 * Random.Shared.NextDouble()));
                if (_clock.GetElapsedTime(start) + wait > call.Patience)
                {
                    throw;
                }

                if (pause == FirstPause)
                {
                    OnWait?.Invoke(e);
                }

                await Task.Delay(wait, _clock, stop);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        ApiCall call,
        Uri address,
        bool isServer,
        CancellationToken stop
    )
    {
        using HttpRequestMessage message = call.ToMessage(address);
        if (isServer)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        }

        using CancellationTokenSource tooLong = new(call.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, tooLong.Token);
        try
        {
            HttpResponseMessage answer = await _http.SendAsync(
                message,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
            if (answer.IsSuccessStatusCode || (int)answer.StatusCode is >= 300 and < 400)
            {
                return answer;
            }

            using (answer)
            {
                throw await Refusals.OfAsync(answer, isServer, either.Token);
            }
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new ApiCallException(
                ExitCode.Unavailable,
                "server-timeout",
                $"{Name(address)} did not answer within {call.Timeout.TotalSeconds:0} seconds.",
                e
            )
            {
                MayPass = true,
            };
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(address, e);
        }
        catch (IOException e)
        {
            throw Broken(e);
        }
    }

    private static ApiCallException Unreachable(Uri address, HttpRequestException e) =>
        new(
            ExitCode.Unavailable,
            "server-unreachable",
            $"{Name(address)} could not be reached ({Printable.Of(e.GetBaseException().Message).TrimEnd('.')}): check --server, and that a coordinator listens there.",
            e
        )
        {
            // A name that nobody has, or a certificate that is not trusted, will not mend itself while we wait.
            MayPass =
                e.HttpRequestError
                    is not (HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError),
            IsUnsent = e.HttpRequestError == HttpRequestError.ConnectionError,
        };

    private ApiCallException Broken(Exception e) =>
        new(ExitCode.Unavailable, "server-unreachable", $"The answer of {Server} broke off: try again.", e)
        {
            MayPass = true,
        };

    /// <summary>Without path and query, which may hold a signature.</summary>
    private static string Name(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
