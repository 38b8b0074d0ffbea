using System.Net;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

public sealed class HealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Ready_WhenEveryPartAnswers_AndAliveWithoutAnyone(string kind)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, kind);
        HttpClient anyone = host.Client(null);

        HttpResponseMessage ready = await anyone.GetAsync("/readyz");

        Assert.Equal(
            """{"database":true,"bus":true,"store":true,"all":true}""",
            await ready.Content.ReadAsStringAsync()
        );
        Assert.False(ready.Headers.Contains("Server"));
        Assert.Equal("nosniff", ready.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Ready_WithoutItsDatabase_Is503AndSaysWhich()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            _ = await context.Database.ExecuteSqlRawAsync("ALTER TABLE \"Jobs\" RENAME TO \"Gone\"");
        }

        HttpResponseMessage answer = await host.Client(null).GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.False((await answer.JsonAsync()).GetProperty("database").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await host.Client(null).GetAsync("/healthz")).StatusCode);
    }
}
