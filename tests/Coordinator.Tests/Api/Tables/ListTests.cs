using System.Text.Json;
using FaceFusion.Batch.Coordinator.Tests.Support;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>Pages and filters, of every list that has them.</summary>
public sealed class ListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pages_OfEveryList_TakeTheirOwnTokensOnly()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        List<ApiOperation> lists = [.. world.Operations.Where(o => o.Honours("pageToken"))];
        Findings found = new();
        Dictionary<string, string> tokens = [];
        foreach (ApiOperation list in lists)
        {
            string url = world.AddressOf(list);
            JsonElement page = JsonSerializer.Deserialize<JsonElement>(
                await host.Acme.GetStringAsync($"{url}?pageSize=1")
            );
            Assert.True(
                page.TryGetProperty("nextPageToken", out JsonElement token),
                $"{list}: {nameof(ApiWorld)} needs two rows of it."
            );
            tokens[url] = token.GetString()!;
            foreach (string size in new[] { "0", "-1", "1.5", "x", "1e3", "%2B1", "99999999999", "%00", "''" })
            {
                await RefusedAsync(list, $"{url}?pageSize={size}", "pageSize");
            }

            Told many = await Told.OfAsync(host.Acme, new(HttpMethod.Get, $"{url}?pageSize=1000000000"));
            found.Require(many.Status == 200, $"{list} with a huge page: {many}");
            string next = $"{url}?pageSize=1&pageToken={tokens[url]}";
            Told second = await Told.OfAsync(host.Acme, new(HttpMethod.Get, next));
            found.Require(second.Status == 200 && !second.Text.Contains(tokens[url]), $"{list} second page: {second}");
            char last = tokens[url][^1] == 'A' ? 'B' : 'A';
            string[] none =
            [
                $"{tokens[url][..^1]}{last}",
                $"{tokens[url]}A",
                tokens[url][1..],
                "0",
                "1",
                "AAAA",
                "%00",
            ];
            foreach (string wrong in none)
            {
                await RefusedAsync(list, $"{url}?pageToken={wrong}", "pageToken");
            }

            await RefusedAsync(
                list,
                $"{url}?pageToken={tokens[url]}&filter=state%3DFAILED",
                "pageToken",
                list.Honours("filter")
            );
            await RefusedAsync(
                list,
                $"{url}?pageToken={tokens[url]}&orderBy=createTime",
                "pageToken",
                list.Honours("orderBy")
            );
            Told theirs = await Told.OfAsync(host.Other, new(HttpMethod.Get, next));
            found.Require(theirs.Status == (world.IsOwned(list) ? 404 : 400), $"{list} of another tenant: {theirs}");
            HttpClient colleague = await host.ClientAsync("acme", "admin");
            Told same = await Told.OfAsync(colleague, new(HttpMethod.Get, next));
            found.Require(same.Pointers is ["pageToken"], $"{list} with another key: {same}");
        }

        foreach (ApiOperation list in lists)
        {
            foreach ((_, string token) in tokens.Where(t => t.Key != world.AddressOf(list)))
            {
                await RefusedAsync(list, $"{world.AddressOf(list)}?pageToken={token}", "pageToken");
            }
        }

        found.Done(atLeast: 100);

        async Task RefusedAsync(ApiOperation list, string url, string pointer, bool isAsked = true)
        {
            Told told = await Told.OfAsync(host.Acme, new(HttpMethod.Get, url));
            bool isRight = told is { Status: 400, Code: "INVALID_REQUEST" } && told.Pointers.SequenceEqual([pointer]);
            found.Require(!isAsked || (isRight && list.Tells(400, told.Code)), $"{list} {url}: {told}");
        }
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Filters_OfEveryList_AreAGrammar_AndNeverPartOfAStatement(string database)
    {
        string[] none =
        [
            "' OR 1=1--",
            "state = FAILED' OR '1'='1",
            "state = FAILED; DROP TABLE Jobs",
            "state = \"FAILED\" OR state = \"QUEUED\"",
            "state == FAILED",
            "state",
            "tenantId = other",
            "recipe = 1",
            "labels. = \"a\"",
            "labels.a = \"%\"",
            "labels.a = \"a' OR ''='\"",
            "labels.a > \"b\"",
            "createTime = \"yesterday\"",
            "createTime > 1e999",
            "AND",
            "state = FAILED AND AND state = FAILED",
            "\0",
            "\u202Estate = FAILED",
            "ѕtate = FAILED",
            $"{string.Concat(Enumerable.Repeat("(a+)+", 190))}$",
            $"state = {new string('A', 900)}!",
            string.Join(" AND ", Enumerable.Repeat("state = FAILED", 100)),
            new string(' ', 900),
        ];
        await using ApiHost host = await ApiWorld.HostAsync(_folder, database);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        Findings found = new();
        foreach (ApiOperation list in world.Operations.Where(o => o.Honours("filter")))
        {
            string url = world.AddressOf(list);
            foreach (string filter in none)
            {
                long start = TimeProvider.System.GetTimestamp();
                Told told = await Told.OfAsync(
                    host.Acme,
                    new(HttpMethod.Get, $"{url}?filter={Uri.EscapeDataString(filter)}")
                );
                found.Require(told is { Status: 400, Pointers: ["filter"] }, $"{list} {filter}: {told}");
                bool isQuick = TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(2);
                found.Require(isQuick, $"{list} {filter} took {TimeProvider.System.GetElapsedTime(start)}");
            }

            using RawHttp raw = await RawHttp.OpenAsync(host);
            await raw.SayAsync(host.Acme, $"GET {url}?filter={new string('a', 64 << 10)}");
            (int status, _) = await raw.HearAsync();
            found.Require(status == 414, $"{list} with 64 kB: {status}");
            if (list.Id != "listJobs")
            {
                // Only these have labels.
                continue;
            }

            _ = host.Statements.Take();
            Told good = await Told.OfAsync(host.Acme, new(HttpMethod.Get, $"{url}?filter=labels.needle%3Dhaystack"));
            bool isParameter = host.Statements.Take().All(s => !s.Contains("haystack", StringComparison.Ordinal));
            found.Require(good.Status == 200 && isParameter, $"{list} by a label: {good}");
        }

        found.Done(atLeast: 40);
    }
}
