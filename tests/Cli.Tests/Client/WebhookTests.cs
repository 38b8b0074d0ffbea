using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Coordinator.Api.Access;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Client;

/// <summary><c>ffb webhooks</c>, from the command line to a coordinator and back.</summary>
public sealed class WebhookTests
{
    private const string Url = "https://hooks.example.invalid/ffb";

    /// <summary>Nobody listens there.</summary>
    private const string Nowhere = "http://127.0.0.9:9/";

    [Fact]
    public async Task Webhooks_FromCreateToDelete_AreDoneAndAnswered()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync("acme", ApiScope.Webhooks);

        Run made = await fleet.RunAsync(key, "webhooks", "create", Url, "-e", "job.state_changed", "--label", "ci");
        string id = made.Output.Split(' ')[0];
        Run other = await fleet.RunAsync(key, "webhooks", "create", Url, "--output-format", "json");

        Assert.Matches(@"^whk_\w{32}  whsec_[A-Za-z0-9+/]{43}=\n$", made.Output);
        Assert.Contains("shown this once", made.Error, StringComparison.Ordinal);
        Assert.Equal("job.completed", other.Json.GetProperty("events")[0].GetString());
        Run rotated = await fleet.RunAsync(key, "webhooks", "rotate-secret", id);
        Assert.Matches($@"^{id}  whsec_\S+\n$", rotated.Output);
        Assert.NotEqual(made.Output, rotated.Output);
        Run got = await fleet.RunAsync(key, "webhooks", "get", id);
        Assert.Matches(@"state +enabled", got.Output);
        Assert.Matches(@"secrets +2", got.Output);
        Assert.Equal($"{id}  disabled\n", (await fleet.RunAsync(key, "webhooks", "disable", id)).Output);
        Assert.Equal(ExitCode.Conflict, (await fleet.RunAsync(key, "webhooks", "test", id)).Exit);
        Run listed = await fleet.RunAsync(key, "webhooks", "list");
        Assert.Equal(3, listed.Lines.Length);
        Assert.Matches($@"{id} +disabled +job.state_changed +ci +{Url}", listed.Output);
        Assert.DoesNotContain("whsec_", listed.Output + got.Output, StringComparison.Ordinal);
        Assert.Equal($"{id}  enabled\n", (await fleet.RunAsync(key, "webhooks", "enable", id)).Output);
        string second = other.Json.GetProperty("id").GetString()!;
        Run deleted = await fleet.RunAsync(key, "webhooks", "delete", id, "whk_none", second);
        Assert.Equal(ExitCode.SomeFailed, deleted.Exit);
        Assert.Equal([$"{id}  deleted", $"{second}  deleted"], deleted.Lines);
        Assert.Empty((await fleet.RunAsync(key, "webhooks", "list")).Output);
    }

    [Fact]
    public async Task Deliveries_OfATest_AreListedAndReplayed()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync("acme", ApiScope.Webhooks);
        string id = (await fleet.RunAsync(key, "webhooks", "create", Nowhere)).Output.Split(' ')[0];

        Run sent = await fleet.RunAsync(key, "webhooks", "test", id);
        string delivery = sent.Output.Split(' ')[0];
        Assert.Matches(@"^dlv_\w{32}  pending\n$", sent.Output);
        Run one;
        do
        {
            one = await fleet.RunAsync(key, "webhooks", "deliveries", id, delivery);
        } while (!one.Output.Contains("connection-failed", StringComparison.Ordinal) && !Stop.IsCancellationRequested);

        Assert.Matches(@"attempt 1 +.+connection-failed after \d+ ms", one.Output);
        Assert.Contains("\"type\":\"webhook.test\"", one.Output, StringComparison.Ordinal);
        Run listed = await fleet.RunAsync(key, "webhooks", "deliveries", id, "--state", "pending", "-n", "1");
        Assert.Matches($@"{delivery} +pending +webhook.test .+ connection-failed", listed.Output);
        Run none = await fleet.RunAsync(
            key,
            "webhooks",
            "deliveries",
            id,
            "--state",
            "failed",
            "--output-format",
            "json"
        );
        Assert.Equal(0, none.Json.GetProperty("deliveries").GetArrayLength());
        Run replayed = await fleet.RunAsync(key, "webhooks", "replay", id, delivery, "--output-format", "jsonl");
        JsonElement line = JsonDocument.Parse(Assert.Single(replayed.Lines)).RootElement;
        Assert.Equal(delivery, line.GetProperty("id").GetString());
        Assert.Equal(ExitCode.NotFound, (await fleet.RunAsync(key, "webhooks", "replay", id, "dlv_none")).Exit);
    }

    [Fact]
    public async Task Create_WhatCannotBe_IsRefusedByName()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();

        Run inside = await fleet.RunAsync(key, "webhooks", "create", "https://169.254.169.254/latest/");
        Run unknown = await fleet.RunAsync(key, "webhooks", "create", Url, "-e", "job.gone");
        Run unscoped = await fleet.RunAsync(
            await fleet.KeyFileAsync("acme", ApiScope.ReadJobs, ApiScope.WriteJobs),
            "webhooks",
            "list"
        );

        Assert.Equal(ExitCode.Precheck, inside.Exit);
        Assert.EndsWith("(webhook-url-refused)\n", inside.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Precheck, unknown.Exit);
        Assert.Equal(ExitCode.Unauthorized, unscoped.Exit);
    }

    [Theory]
    [InlineData("10.1.0.0/33", "10.1.0.0/33")]
    [InlineData("10.1.0.0/16, inside", "inside")]
    public async Task Up_WebhookNetworksThatAreNone_AreNamed(string networks, string named)
    {
        Run refused = await Run.Async("up", "--listen", "127.0.0.1:0", "--webhook-networks", networks);

        Assert.Equal(ExitCode.Precheck, refused.Exit);
        Assert.Contains($"--webhook-networks {named} is no network", refused.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
