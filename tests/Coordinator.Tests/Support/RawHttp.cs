using System.Net.Sockets;
using System.Text;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A connection on which anything may be written, as nobody's HTTP library would.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly ApiHost _host;
    private NetworkStream _stream = null!;

    private RawHttp(ApiHost host) => _host = host;

    public static async Task<RawHttp> OpenAsync(ApiHost host)
    {
        RawHttp raw = new(host);
        await raw._client.ConnectAsync(host.Address.Host, host.Address.Port);
        raw._stream = raw._client.GetStream();
        return raw;
    }

    /// <summary>The request line and what comes behind the key's header field, with the empty line at its end.</summary>
    public Task SayAsync(HttpClient caller, string line, params string[] fields) =>
        SendAsync(
            string.Join(
                "\r\n",
                [
                    $"{line} HTTP/1.1",
                    $"Host: {_host.Address.Authority}",
                    $"Authorization: {caller.DefaultRequestHeaders.Authorization}",
                    .. fields,
                    "",
                    "",
                ]
            )
        );

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    /// <summary>The status of the answer, and what of it has come by then.</summary>
    public async Task<(int Status, string Text)> HearAsync(int seconds = 60)
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(seconds));
        byte[] buffer = new byte[1 << 14];
        StringBuilder text = new();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) || text.Length < 60)
        {
            int read = await _stream.ReadAsync(buffer, over.Token);
            if (read == 0)
            {
                break;
            }

            _ = text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        string[] words = text.ToString().Split(' ', 3);
        return (words.Length > 1 ? int.Parse(words[1]) : 0, text.ToString());
    }

    public void Dispose() => _client.Dispose();
}
