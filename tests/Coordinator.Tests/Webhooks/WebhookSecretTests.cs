using System.Text;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Webhooks;

namespace FaceFusion.Batch.Coordinator.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);

    /// <summary>The vector of the Standard Webhooks libraries.</summary>
    [Fact]
    public void Sign_ThePublishedVector_IsWhatItSays() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSecret.Sign(
                ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                At,
                """{"test": 2432232314}"""u8
            )
        );

    [Fact]
    public async Task Sign_WithSeveralSecrets_HasWhatOpenSslSaysOfEach()
    {
        string[] secrets = [WebhookSecret.Make(), WebhookSecret.Make()];
        byte[] body = Encoding.UTF8.GetBytes("""{"type":"job.completed","name":"Grüße"}""");

        string signed = WebhookSecret.Sign(secrets, "dlv_1", At, body);

        List<string> expected = [];
        foreach (string secret in secrets)
        {
            byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
            Assert.Equal(32, key.Length);
            expected.Add($"v1,{await OpenSsl.HmacAsync(key, [.. "dlv_1.1614265330."u8, .. body])}");
        }

        Assert.Equal(string.Join(' ', expected), signed);
    }

    [Fact]
    public void Signing_OfARetiredSecret_EndsWithItsTime()
    {
        WebhookRow webhook = new()
        {
            TenantId = "acme",
            Url = "https://example.com",
            Events = [],
            Secret = "new",
            Retired = [new("old", At), new("older", At.AddTicks(-1))],
        };

        Assert.Equal(["new", "old"], WebhookSecret.Signing(webhook, At.AddTicks(-1)));
        Assert.Equal(["new"], WebhookSecret.Signing(webhook, At));
    }
}
