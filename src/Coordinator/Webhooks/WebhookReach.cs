using System.Net;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>
/// Where webhooks may lead: by https to public addresses, and into the networks that the operator names, there by http too. An
/// address in text is looked at when a webhook is made; what a name leads to, each time that a connection is opened.
/// </summary>
/// <param name="networks">Of the operator; empty: none.</param>
internal sealed class WebhookReach(IReadOnlyList<IPNetwork> networks)
{
    public const int LongestUrl = 2048;

    /// <summary>Names that lead to no public host, whatever a resolver says.</summary>
    private static readonly string[] LocalNames =
    [
        "localhost",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "home.arpa",
        "localdomain",
        "cluster.local",
    ];

    /// <summary>Whether a connection may be opened to it.</summary>
    /// <param name="scheme">Of the webhook's address.</param>
    /// <param name="address">Where the connection leads.</param>
    /// <param name="port">Likewise.</param>
    public bool Allows(string scheme, IPAddress address, int port)
    {
        // ::ffff:10.0.0.1 is 10.0.0.1 by another name.
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => network.Contains(plain))
            || (scheme == Uri.UriSchemeHttps && IsUsual(port) && PublicAddresses.Contain(plain));
    }

    /// <summary>What is wrong with the address of a webhook, in a sentence; null: nothing that can be seen from its text.</summary>
    public string? Refusal(string text)
    {
        if (text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out Uri? url))
        {
            return $"It must be an https address of up to {LongestUrl} characters.";
        }

        if (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
        {
            return "It must begin with https://.";
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return "It must have no user, password or fragment in it; deliveries are signed instead.";
        }

        string host = url.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return Allows(url.Scheme, address, url.Port) ? null : NotPublic;
        }

        if (networks.Count > 0)
        {
            // What the name leads to decides, when a connection is opened.
            return null;
        }

        int end = host.LastIndexOf('.') + 1;
        bool isLocal =
            end == 0
            // The beginning of a number, however it is written: no top-level domain has one.
            || char.IsAsciiDigit(host[end])
            || LocalNames.Any(name => host.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase));
        return url.Scheme != Uri.UriSchemeHttps ? "It must begin with https://."
            : isLocal || Uri.CheckHostName(host) != UriHostNameType.Dns ? NotPublic
            : IsUsual(url.Port) ? null
            : "Its port must be 443, or 1024 and above.";
    }

    private static string NotPublic => "It must lead to a public host by https.";

    /// <summary>Below 1024 are services that have no business with webhooks.</summary>
    private static bool IsUsual(int port) => port is 443 or >= 1024;
}
