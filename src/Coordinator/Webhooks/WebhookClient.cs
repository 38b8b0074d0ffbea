using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>The addresses of a host's name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken stop);

/// <summary>What came of one request to a webhook's address.</summary>
/// <param name="At">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">HTTP status; null: there was no answer.</param>
/// <param name="Error">A stable code; null: there was an answer.</param>
/// <param name="Answer">The first of its body.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
internal sealed record Sent(
    DateTimeOffset At,
    int Milliseconds,
    int? Status,
    string? Error,
    string? Answer = null,
    TimeSpan? RetryAfter = null
)
{
    public bool IsTaken => Status is >= 200 and < 300;
}

/// <summary>
/// Sends to addresses that strangers have chosen: connects only to what <see cref="WebhookReach"/> allows, follows no redirect,
/// uses no proxy and no cookie, unpacks nothing, and reads the first of an answer alone.
/// </summary>
internal sealed partial class WebhookClient : IDisposable
{
    private const int AnswerBytes = 1024;

    /// <summary>From the look-up of the name to the last byte that is read.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly WebhookReach _reach;
    private readonly HostLookup _lookUp;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebhookClient> _logger;
    private readonly HttpClient _http;

    public WebhookClient(WebhookReach reach, HostLookup lookUp, TimeProvider clock, ILogger<WebhookClient> logger)
    {
        (_reach, _lookUp, _clock, _logger) = (reach, lookUp, clock, logger);
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Ours, not the receiver's.
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 64 << 10,
            // What a name leads to is asked anew as often.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        };
        _http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("FaceFusion.Batch-Webhooks", "1"));
    }

    /// <param name="url">Of the webhook.</param>
    /// <param name="id">Of the delivery, the same at each attempt.</param>
    /// <param name="secrets">That sign.</param>
    /// <param name="body">JSON.</param>
    /// <param name="stop">Gives it up without knowing whether it arrived.</param>
    public async Task<Sent> SendAsync(
        string url,
        string id,
        IReadOnlyList<string> secrets,
        string body,
        CancellationToken stop
    )
    {
        DateTimeOffset at = _clock.GetUtcNow();
        long start = _clock.GetTimestamp();
        using CancellationTokenSource tooLong = new(Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, tooLong.Token);
        try
        {
            using HttpRequestMessage request = Request(url, id, at, secrets, body);
            using HttpResponseMessage answer = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
            string text = await ReadAsync(answer, either.Token);
            return new Sent(at, Elapsed(), (int)answer.StatusCode, null, text, AskedPause(answer, at));
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Whatever a stranger's address makes of a request is the failure of that one delivery.
            string code = tooLong.IsCancellationRequested ? "timeout" : CodeOf(e);
            LogFailed(id, code);
            return new Sent(at, Elapsed(), null, code);
        }

        int Elapsed() => (int)_clock.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(
        string url,
        string id,
        DateTimeOffset at,
        IReadOnlyList<string> secrets,
        string body
    )
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", $"{at.ToUnixTimeSeconds()}");
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(secrets, id, at, bytes));
        return request;
    }

    /// <summary>The address that is looked at is the one that is connected to: between the two there is no second look-up.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        (string host, int port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        string scheme = context.InitialRequestMessage.RequestUri!.Scheme;
        IPAddress[] allowed =
        [
            .. (await LookUpAsync(host, stop)).Where(address => _reach.Allows(scheme, address, port)),
        ];
        if (allowed.Length == 0)
        {
            throw new AddressRefusedException();
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }

        try
        {
            return await _lookUp(host, stop);
        }
        catch (SocketException)
        {
            // To its owner the same as a name of ours: which names the operator's resolver knows is nobody's business.
            return [];
        }
    }

    /// <summary>The status says what became of the delivery; a body that breaks off or does not end changes nothing.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        byte[] bytes = new byte[AnswerBytes];
        int read = 0;
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(stop);
            for (int more = 1; more > 0 && read < bytes.Length; read += more)
            {
                more = await stream.ReadAsync(bytes.AsMemory(read), stop);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // What has come is kept.
        }

        string text = Encoding.UTF8.GetString(bytes, 0, read);
        return string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t') ? '\uFFFD' : c));
    }

    private static TimeSpan? AskedPause(HttpResponseMessage answer, DateTimeOffset now) =>
        answer.Headers.RetryAfter switch
        {
            { Delta: { } pause } => pause,
            { Date: { } time } => time > now ? time - now : TimeSpan.Zero,
            _ => null,
        };

    private static string CodeOf(Exception e) =>
        e switch
        {
            HttpRequestException { InnerException: AddressRefusedException } => "address-refused",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls-failed",
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
            } => "answer-malformed",
            _ => "connection-failed",
        };

    [LoggerMessage(EventIds.WebhookFailed, LogLevel.Debug, "Delivery {Id} had no answer: {Code}")]
    private partial void LogFailed(string id, string code);

    /// <summary>The name leads to no address that may be connected to.</summary>
    private sealed class AddressRefusedException : IOException;
}
