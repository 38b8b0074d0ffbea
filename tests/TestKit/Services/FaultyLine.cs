using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FaceFusion.Batch.TestKit.Services;

/// <summary>A line to a real server (HTTP or any other protocol over TCP) that passes bytes on, and can be made to fail.</summary>
public sealed class FaultyLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<FaultyConnection, bool> _connections = new();
    private readonly string _host;
    private readonly int _port;
    private int _strikes;
    private volatile LineFault _fault;

    /// <param name="host">The server.</param>
    /// <param name="port">Its port.</param>
    public FaultyLine(string host, int port)
    {
        _host = host;
        _port = port;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>Where this line is reached, on the loopback address.</summary>
    public int Port { get; }

    /// <summary>What it does now.</summary>
    public LineFault Fault => _fault;

    /// <summary>How often it has struck: connections cut, requests answered or cut.</summary>
    public int Strikes => Volatile.Read(ref _strikes);

    /// <summary>Cuts every connection that there is, from both sides; how many there were.</summary>
    public int Cut()
    {
        FaultyConnection[] open = [.. _connections.Keys];
        foreach (FaultyConnection connection in open)
        {
            connection.Close();
            Strike();
        }

        return open.Length;
    }

    public void Break(LineFault fault)
    {
        _fault = fault;
        if (fault == LineFault.Refuse)
        {
            _ = Cut();
        }
    }

    /// <summary>The line passes bytes on again.</summary>
    public void Mend()
    {
        LineFault before = _fault;
        _fault = LineFault.None;
        if (before == LineFault.BlackHole)
        {
            _ = Cut();
        }
    }

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _ = Cut();
        _over.Dispose();
    }

    internal void Strike() => Interlocked.Increment(ref _strikes);

    private async Task AcceptAsync()
    {
        CancellationToken over = _over.Token;
        while (!over.IsCancellationRequested)
        {
            TcpClient near = await _listener.AcceptTcpClientAsync(over);
            if (_fault == LineFault.Refuse)
            {
                Strike();
                near.Dispose();
                continue;
            }

            _ = PassAsync(near);
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        using FaultyConnection connection = new(this, near);
        _connections[connection] = true;
        try
        {
            await connection.RunAsync(_host, _port);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // A side has hung up, or this line was cut, which is what it is about.
        }
        finally
        {
            _ = _connections.TryRemove(connection, out _);
        }
    }
}
