using System.Net;
using System.Net.Sockets;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

internal static class FreePort
{
    /// <summary>A port of this machine that nobody listened on a moment ago.</summary>
    public static int Find()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
