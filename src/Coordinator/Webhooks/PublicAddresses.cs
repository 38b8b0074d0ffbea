using System.Net;
using System.Net.Sockets;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>
/// Which addresses are anybody's on the Internet: those that the IANA special-purpose registries (RFC 6890) do not keep for hosts,
/// networks, translators, documentation or groups.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            // Azure's own service on every virtual network, beside 169.254.169.254.
            "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Only of this is anything public in version 6: no loopback, no local, mapped, translated or multicast address is in it.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 =
    [
        // Teredo, ORCHID and their neighbours; documentation; 6to4, which holds any address of version 4; documentation.
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse),
    ];

    public static bool Contain(IPAddress address) =>
        address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !SpecialV4.Any(network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => GlobalV6.Contains(address)
                && !SpecialV6.Any(network => network.Contains(address)),
            _ => false,
        };
}
