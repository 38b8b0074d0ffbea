using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FaceFusion.Batch.TestKit.Services;

/// <summary>One connection over a <see cref="FaultyLine"/>.</summary>
internal sealed class FaultyConnection(FaultyLine line, TcpClient near) : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly TcpClient _far = new();

    /// <summary>Bytes of the upload in hand that still pass; null: no upload was begun.</summary>
    private long? _uploadLeft;

    /// <summary>Passes bytes both ways until a side hangs up or the line breaks.</summary>
    public async Task RunAsync(string host, int port)
    {
        await _far.ConnectAsync(host, port);
        near.NoDelay = _far.NoDelay = true;
        Task up = PumpAsync(near.GetStream(), _far.GetStream(), isUp: true);
        Task down = PumpAsync(_far.GetStream(), near.GetStream(), isUp: false);
        _ = await Task.WhenAny(up, down);
        Close();
        await Task.WhenAll(up, down);
    }

    public void Close()
    {
        near.Close();
        _far.Close();
    }

    public void Dispose() => Close();

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool isUp)
    {
        byte[] buffer = new byte[1 << 14];
        while (true)
        {
            int read = await from.ReadAsync(buffer);
            if (read == 0 || !await PassAsync(buffer.AsMemory(0, read), to, isUp))
            {
                return;
            }
        }
    }

    /// <summary>False: the connection is to be cut.</summary>
    private async Task<bool> PassAsync(ReadOnlyMemory<byte> bytes, NetworkStream to, bool isUp)
    {
        while (line.Fault == LineFault.BlackHole)
        {
            await Task.Delay(Beat);
        }

        string? head = isUp ? HeadOf(bytes.Span) : null;
        switch (line.Fault)
        {
            case LineFault.Answer500 or LineFault.Answer503 when head is not null:
                await RefuseAsync(line.Fault == LineFault.Answer500 ? "500 Internal Server Error" : "503 Busy");
                return false;
            case LineFault.HalfUpload when isUp && (head is null ? _uploadLeft is not null : IsUpload(head)):
                return await PassHalfAsync(head, bytes, to);
            case LineFault.AnswerLost when isUp && head is not null && IsUpload(head):
                _uploadLeft = long.MaxValue;
                break;
            case LineFault.AnswerLost when !isUp && _uploadLeft is not null && bytes.Span.StartsWith("HTTP/1.1 201"u8):
                line.Strike();
                return false;
            case LineFault.Slow:
                await PassSlowlyAsync(bytes, to);
                return true;
        }

        await to.WriteAsync(bytes);
        return true;
    }

    private async Task RefuseAsync(string status)
    {
        line.Strike();
        string answer = $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        await near.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
    }

    private async Task<bool> PassHalfAsync(string? head, ReadOnlyMemory<byte> bytes, NetworkStream to)
    {
        if (head is not null)
        {
            int end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            _uploadLeft = (end < 0 ? bytes.Length : end + 4) + (LengthIn(head) / 2);
        }

        long left = _uploadLeft ?? 0;
        int passed = (int)Math.Min(left, bytes.Length);
        await to.WriteAsync(bytes[..passed]);
        _uploadLeft = left - passed;
        if (_uploadLeft > 0)
        {
            return true;
        }

        line.Strike();
        return false;
    }

    private static async Task PassSlowlyAsync(ReadOnlyMemory<byte> bytes, NetworkStream to)
    {
        for (int at = 0; at < bytes.Length; at += 1024)
        {
            await Task.Delay(Beat);
            await to.WriteAsync(bytes.Slice(at, Math.Min(1024, bytes.Length - at)));
        }
    }

    private static bool IsUpload(string head) => head.StartsWith("PUT ", StringComparison.Ordinal);

    /// <summary>The text of bytes that begin an HTTP request; null: they do not.</summary>
    private static string? HeadOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("GET "u8)
        || bytes.StartsWith("PUT "u8)
        || bytes.StartsWith("HEAD "u8)
        || bytes.StartsWith("DELETE "u8)
            ? Encoding.Latin1.GetString(bytes)
            : null;

    private static long LengthIn(string head)
    {
        const string name = "Content-Length:";
        int at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        int end = at < 0 ? -1 : head.IndexOf("\r\n", at, StringComparison.Ordinal);
        return end < 0
            ? 0
            : long.Parse(head.AsSpan(at + name.Length, end - at - name.Length), CultureInfo.InvariantCulture);
    }
}
