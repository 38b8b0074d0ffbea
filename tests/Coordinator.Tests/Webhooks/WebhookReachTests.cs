using System.Net;
using FaceFusion.Batch.Coordinator.Webhooks;

namespace FaceFusion.Batch.Coordinator.Tests.Webhooks;

public sealed class WebhookReachTests
{
    private static readonly WebhookReach Public = new([]);
    private static readonly WebhookReach Inside = new([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd12::/16")]);

    [Theory]
    [InlineData("")]
    [InlineData("hook")]
    [InlineData("/hook")]
    [InlineData("http://example.com/hook")]
    [InlineData("ftp://example.com/hook")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@example.com/")]
    [InlineData("https://example.com@10.0.0.1/")]
    [InlineData("https://example.com/#part")]
    [InlineData("https://example.com:22/")]
    [InlineData("https://example.com:0/")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://metadata/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://api.default.svc.cluster.local/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://%31%32%37.0.0.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://172.31.255.255/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://168.63.129.16/")]
    [InlineData("https://100.100.100.200/")]
    [InlineData("https://192.0.0.192/")]
    [InlineData("https://198.19.0.1/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:a9fe:a9fe]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[64:ff9b:1::a9fe:a9fe]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[2001:0:1::1]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[fec0::1]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://[ff02::1]/")]
    [InlineData("https://[2001:db8::1]/")]
    public void Refusal_OfWhatLeadsInside_IsThere(string url) => Assert.NotNull(Public.Refusal(url));

    [Theory]
    [InlineData("https://example.com/hook?token=1")]
    [InlineData("https://example.com:8443/hook")]
    [InlineData("https://bücher.example/hook")]
    [InlineData("https://93.184.216.34/hook")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://[2606:2800:220:1:248:1893:25c8:1946]/")]
    public void Refusal_OfAPublicHost_IsNull(string url) => Assert.Null(Public.Refusal(url));

    [Theory]
    [InlineData("http://10.1.2.3/hook", true)]
    [InlineData("http://10.1.2.3:22/hook", true)]
    [InlineData("https://[::ffff:10.1.2.3]/hook", true)]
    [InlineData("http://[fd12::7]:8080/", true)]
    [InlineData("http://hooks.internal/", true)]
    [InlineData("https://93.184.216.34/", true)]
    [InlineData("http://93.184.216.34/", false)]
    [InlineData("https://10.2.0.1/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("http://user@10.1.2.3/", false)]
    public void Refusal_WhereTheOperatorNamesNetworks_LetsTheseBeToo(string url, bool isAllowed) =>
        Assert.Equal(isAllowed, Inside.Refusal(url) is null);

    /// <summary>What the text of a name does not show.</summary>
    [Theory]
    [InlineData("http", "93.184.216.34", 80, false)]
    [InlineData("https", "93.184.216.34", 443, true)]
    [InlineData("https", "93.184.216.34", 25, false)]
    [InlineData("https", "::ffff:93.184.216.34", 443, true)]
    [InlineData("https", "::ffff:10.2.0.1", 443, false)]
    [InlineData("https", "127.0.0.1", 443, false)]
    [InlineData("http", "10.1.0.1", 25, true)]
    [InlineData("http", "10.2.0.1", 80, false)]
    public void Allows_AnAddress_AsItIsAndWhere(string scheme, string address, int port, bool isAllowed) =>
        Assert.Equal(isAllowed, Inside.Allows(scheme, IPAddress.Parse(address), port));
}
