using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>Requests that come again, and changes of what has changed meanwhile: on every operation that knows of either.</summary>
public sealed class RepeatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task IdempotencyKey_HasItsEffectOnce_OnEveryOperationThatMakesSomething(string database)
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder, database);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        List<ApiOperation> making = [.. world.Operations.Where(o => o.Honours("Idempotency-Key"))];
        Assert.Equal(
            world.Operations.Where(o =>
                o.Id == "createBatch" || o.Described.GetProperty("responses").TryGetProperty("201", out _)
            ),
            making
        );
        Findings found = new();
        // What is made of these goes on making rows: the last ones.
        foreach (ApiOperation operation in making.OrderBy(o => o.Id is "createJob" or "createBatch"))
        {
            string key = $"key of {operation}";
            string before = await SettledAsync(world);
            foreach (string none in new[] { "", new string('k', 256), "k\tk" })
            {
                Told refused = await SendAsync(host.Acme, operation, none);
                found.Require(refused.Pointers is ["Idempotency-Key"], $"{operation} with key '{none}': {refused}");
            }

            Told wrong = await SendAsync(host.Acme, operation, key, "{\"zzz\":1}");
            found.Require(wrong.Status == 400 && before == await world.CountAsync(), $"{operation} wrong: {wrong}");
            // At once from many hands: one makes it, and whoever comes too early is told so.
            Told[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(host.Acme, operation, key)));
            Told first = all.First(a => a.Status is 200 or 201 or 202);
            foreach (Told told in all)
            {
                bool isRight = told.Text == first.Text || told is { Status: 409, Code: "REQUEST_IN_FLIGHT" };
                found.Require(isRight, $"{operation} at once: {told}");
            }

            string after = await world.CountAsync();
            found.Require(after != before, $"{operation} made nothing");
            Told again = await SendAsync(host.Acme, operation, key);
            found.Require(again.Status == first.Status && again.Text == first.Text, $"{operation} again: {again}");
            Told other = await SendAsync(host.Acme, operation, key, $" {world.BodyOf(operation)}");
            found.Require(other is { Status: 422, Code: "IDEMPOTENCY_KEY_REUSED" }, $"{operation} other: {other}");
            found.Require(
                operation.Tells(422, other.Code) && operation.Tells(409, "REQUEST_IN_FLIGHT"),
                $"{operation}"
            );
            Told theirs = await SendAsync(host.Other, operation, key);
            found.Require(
                theirs.Status != 422 && theirs.Text != first.Text,
                $"{operation} of another tenant: {theirs}"
            );
            await SetAsync(key, row => row.SetProperty(r => r.Status, (int?)null));
            await SetAsync(
                key,
                row => row.SetProperty(r => r.LeaseUntil, TimeProvider.System.GetUtcNow().AddMinutes(1))
            );
            Told early = await SendAsync(host.Acme, operation, key);
            found.Require(early is { Status: 409, Code: "REQUEST_IN_FLIGHT" }, $"{operation} in flight: {early}");
            // Whoever had it in hand is dead: the next one has the same made, not a second.
            await SetAsync(
                key,
                row => row.SetProperty(r => r.LeaseUntil, TimeProvider.System.GetUtcNow().AddMinutes(-1))
            );
            Told taken = await SendAsync(host.Acme, operation, key);
            string id = first.Text.Split('"')[3];
            found.Require(taken.Text.Contains(id, StringComparison.Ordinal), $"{operation} taken over: {taken.Text}");
        }

        found.Done(atLeast: 50);

        Task<Told> SendAsync(HttpClient client, ApiOperation operation, string key, string? body = null)
        {
            HttpRequestMessage request = world.RequestOf(operation);
            request.Content = ApiJobs.Json(body ?? world.BodyOf(operation));
            Assert.True(request.Headers.TryAddWithoutValidation("Idempotency-Key", key));
            return Told.OfAsync(client, request);
        }

        async Task SetAsync(
            string key,
            Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<IdempotencyRow>> set
        )
        {
            await using JobsDbContext context = await host.NewContextAsync();
            int changed = await context
                .Idempotency.Where(r => r.Key == key && r.TenantId == "acme")
                .ExecuteUpdateAsync(set);
            Assert.Equal(1, changed);
        }
    }

    /// <summary>The counts once nothing is under way: what was made before goes on making rows for a while.</summary>
    private static async Task<string> SettledAsync(ApiWorld world)
    {
        string before = "";
        string now = await world.CountAsync();
        while (now != before)
        {
            before = now;
            await Task.Delay(500);
            now = await world.CountAsync();
        }

        return now;
    }

    [Fact]
    public async Task Change_WithoutAVersion_Is428_AndOfAnOldOne412_OnEveryOperationThatAsksForOne()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        List<ApiOperation> asking = [.. world.Operations.Where(o => o.Honours("If-Match"))];
        string before = await world.CountAsync();
        string job = await host.Acme.GetStringAsync($"/v1/jobs/{world["job"]}");
        Findings found = new();
        string now = (await host.Acme.GetAsync($"/v1/jobs/{world["job"]}")).Headers.ETag!.Tag.Trim('"');
        string[] old =
        [
            "\"0\"",
            "\"99999\"",
            "\"-1\"",
            "abc",
            "\"\"",
            // The right number, and not the tag.
            now,
            $"W/\"{now}\"",
            $"\"{now}",
            $"\"0{now}\"",
            $"\"1\", \"{now}\"",
        ];
        foreach (ApiOperation operation in asking)
        {
            Told without = await SendAsync(operation, null);
            found.Require(without is { Status: 428, Code: "PRECONDITION_REQUIRED" }, $"{operation}: {without}");
            foreach (string tag in old)
            {
                Told stale = await SendAsync(operation, tag);
                found.Require(stale is { Status: 412, Code: "PRECONDITION_FAILED" }, $"{operation} {tag}: {stale}");
            }

            found.Require(
                operation.Tells(428, without.Code) && operation.Tells(412, "PRECONDITION_FAILED"),
                $"{operation}"
            );
        }

        found.Done(atLeast: 24);
        Assert.Equal(before, await world.CountAsync());
        Assert.Equal(job, await host.Acme.GetStringAsync($"/v1/jobs/{world["job"]}"));

        Task<Told> SendAsync(ApiOperation operation, string? tag)
        {
            HttpRequestMessage request = world.RequestOf(operation);
            _ = request.Headers.Remove("If-Match");
            Assert.True(tag is null || request.Headers.TryAddWithoutValidation("If-Match", tag));
            return Told.OfAsync(host.Acme, request);
        }
    }
}
