using System.Net;
using System.Net.Http.Headers;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>Who may ask what.</summary>
public sealed class AccessTests : IDisposable
{
    private static readonly string Nobody = $"ffb_{Guid.Empty:N}_{new string('0', 64)}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Request_WithoutAGoodKey_Is401AndSaysHow()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        MadeKey key = await host.Get<ApiKeys>().CreateAsync("acme", "k", [ApiScope.ReadJobs], null, default);
        string[] wrong =
        [
            "",
            "ffb",
            Nobody,
            key.Text[..^1],
            key.Text + "0",
            key.Text[..^1] + (key.Text[^1] == '0' ? '1' : '0'),
            key.Text.ToUpperInvariant(),
            "eyJhbGciOiJub25lIn0.e30.",
        ];
        foreach (string text in wrong)
        {
            Assert.Equal((401, "UNAUTHORIZED"), await AskAsync(host, text));
        }

        HttpResponseMessage inQuery = await host.Client(null).GetAsync($"/v1/nowhere?key={key.Text}");
        Assert.Equal(HttpStatusCode.Unauthorized, inQuery.StatusCode);
        Assert.Equal("Bearer", inQuery.Headers.WwwAuthenticate.Single().Scheme);
        HttpClient basic = host.Client(null);
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", key.Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await basic.GetAsync("/v1/nowhere")).StatusCode);
        Assert.Equal((404, "NOT_FOUND"), await AskAsync(host, key.Text));
    }

    [Fact]
    public async Task Key_ExpiredOrRevoked_IsNotTaken_AndOnlyItsHashIsStored()
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: clock);
        ApiKeys keys = host.Get<ApiKeys>();
        MadeKey brief = await keys.CreateAsync(
            "acme",
            "brief",
            [ApiScope.ReadJobs],
            clock.GetUtcNow().AddMinutes(1),
            default
        );
        MadeKey other = await keys.CreateAsync("acme", "other", [ApiScope.ReadJobs], null, default);
        Assert.Equal(404, (await AskAsync(host, brief.Text)).Status);
        Assert.Equal(404, (await AskAsync(host, other.Text)).Status);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await keys.RevokeAsync(other.Id, default));

        Assert.Equal(401, (await AskAsync(host, brief.Text)).Status);
        Assert.Equal(401, (await AskAsync(host, other.Text)).Status);
        Assert.False(await keys.RevokeAsync(Guid.NewGuid(), default));
        await using JobsDbContext context = await host.NewContextAsync();
        string secret = other.Text.Split('_')[2];
        Assert.DoesNotContain(
            await context.ApiKeys.ToListAsync(),
            k => k.SecretSha256.Contains(secret, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Key_RevokedByAnotherProcess_IsRefusedWithinSeconds()
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: clock);
        MadeKey key = await host.Get<ApiKeys>().CreateAsync("acme", "k", [ApiScope.ReadJobs], null, default);
        Assert.Equal(404, (await AskAsync(host, key.Text)).Status);
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            _ = await context
                .ApiKeys.Where(k => k.Id == key.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, clock.GetUtcNow()));
        }

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(401, (await AskAsync(host, key.Text)).Status);
    }

    [Theory]
    [InlineData("", "jobs:read")]
    [InlineData("Acme", "jobs:read")]
    [InlineData("a/b", "jobs:read")]
    [InlineData("acme", "all")]
    public async Task Create_ForNoTenant_OrWithoutAScope_IsRefused(string tenant, string scope)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);

        _ = await Assert.ThrowsAsync<ArgumentException>(() =>
            host.Get<ApiKeys>().CreateAsync(tenant, "k", [scope], null, default)
        );
    }

    private static async Task<(int Status, string Code)> AskAsync(ApiHost host, string key) =>
        await (await host.Client(key.Length == 0 ? null : key).GetAsync("/v1/nowhere")).ProblemAsync();
}
