using System.Diagnostics;
using System.Text;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Webhooks;
using FaceFusion.Batch.TestKit;

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

    /// <summary>What users are told to verify with does verify, and refuses what it must.</summary>
    [Fact]
    public async Task Docs_ThePythonOfThem_VerifiesWhatWeSign()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, "python3"))), "There is no python3 here.");
        string page = await File.ReadAllTextAsync(Path.Combine(Footage.SolutionFolder(), "docs", "fleet.md"), Stop);
        string code = page.Split("```python\n")[1].Split("```")[0];
        string secret = WebhookSecret.Make();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string signed = WebhookSecret.Sign([WebhookSecret.Make(), secret], "dlv_1", now, "{}"u8);
        string other = WebhookSecret.Make();

        Assert.Equal("ok", await VerifyAsync(secret, now, "{}"));
        Assert.Equal("ValueError", await VerifyAsync(secret, now, "{ }"));
        Assert.Equal("ValueError", await VerifyAsync(other, now, "{}"));
        Assert.Equal("ValueError", await VerifyAsync(secret, now.AddSeconds(1), "{}"));
        Assert.Equal("ValueError", await VerifyAsync(secret, now.AddMinutes(-6), "{}"));

        async Task<string> VerifyAsync(string with, DateTimeOffset at, string body)
        {
            string script = $$"""
                {{code}}
                headers = {"webhook-id": "dlv_1", "webhook-timestamp": "{{at.ToUnixTimeSeconds()}}", "webhook-signature": "{{signed}}"}
                try:
                    verify("{{with}}", headers, b"{{body}}")
                    print("ok")
                except Exception as e:
                    print(type(e).__name__)
                """;
            ProcessStartInfo start = new("python3") { ArgumentList = { "-c", script }, RedirectStandardOutput = true };
            using Process python = Process.Start(start)!;
            string said = await python.StandardOutput.ReadToEndAsync(Stop);
            await python.WaitForExitAsync(Stop);
            return said.Trim();
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
