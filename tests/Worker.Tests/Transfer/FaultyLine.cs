using System.Net;
using System.Net.Sockets;

namespace FaceFusion.Batch.Worker.Tests.Transfer;

/// <summary>A line to a real server that may break: it passes bytes on, and cuts a connection after so many of them.</summary>
internal sealed class FaultyLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Uri _server;
    private int _connections;

    public FaultyLine(Uri server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>How many connections from now on are cut.</summary>
    public int Cuts { get; set; }

    /// <summary>After how many bytes from the server.</summary>
    public long CutAfter { get; set; } = long.MaxValue;

    public int Connections => _connections;

    /// <summary>Bytes from the server.</summary>
    public long Passed { get; private set; }

    /// <summary>The same address over this line. The signature does not cover the port.</summary>
    public string Over(string url) =>
        new UriBuilder(url) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }
            .Uri
            .AbsoluteUri;

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_over.Token);
            _ = Interlocked.Increment(ref _connections);
            long limit = Cuts-- > 0 ? CutAfter : long.MaxValue;
            _ = PassAsync(client, limit);
        }
    }

    private async Task PassAsync(TcpClient client, long limit)
    {
        using TcpClient near = client;
        using TcpClient far = new();
        await far.ConnectAsync(_server.Host, _server.Port);
        Task up = near.GetStream().CopyToAsync(far.GetStream());
        byte[] buffer = new byte[1 << 14];
        try
        {
            for (long passed = 0; passed < limit; )
            {
                int read = await far.GetStream()
                    .ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit - passed)));
                if (read == 0)
                {
                    break;
                }

                await near.GetStream().WriteAsync(buffer.AsMemory(0, read));
                passed += read;
                Passed += read;
            }
        }
        catch (IOException)
        {
            // The other side has hung up, which is what this line is about.
        }

        near.Close();
        far.Close();
        await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
