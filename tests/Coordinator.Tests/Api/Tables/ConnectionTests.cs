using System.Diagnostics;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>Clients that hold connections for nothing.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_ByDripsAndDrops_IsEnded_AndNothingOfItIsStored()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiUpload upload = await (await host.Acme.AnnounceAsync(new byte[100_000])).ReadAsync<ApiUpload>();
        string line = $"PUT /v1/uploads/{upload.Id}/blocks/0";
        List<RawHttp> slow = [];
        for (int i = 0; i < 20; i++)
        {
            slow.Add(await RawHttp.OpenAsync(host));
            await slow[i].SayAsync(host.Acme, line, "Content-Length: 100000");
        }

        using RawHttp headless = await RawHttp.OpenAsync(host);
        await headless.SendAsync("GET /v1/jobs HTTP/1.1\r\nHost: a\r\n");
        long start = Stopwatch.GetTimestamp();
        Task<(int Status, string Text)>[] ends = [.. slow.Select(raw => raw.HearAsync())];
        while (!ends.All(e => e.IsCompleted) && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(50))
        {
            foreach (RawHttp raw in slow)
            {
                try
                {
                    await raw.SendAsync("x");
                }
                catch (IOException)
                {
                    // It has been ended.
                }
            }

            // Others are served meanwhile.
            Assert.Equal(200, (int)(await host.Acme.GetAsync("/v1/jobs")).StatusCode);
            await Task.Delay(500);
        }

        foreach (Task<(int Status, string Text)> end in ends)
        {
            (int status, string text) = await end;
            Assert.Equal(408, status);
            Assert.Contains("REQUEST_TIMEOUT", text, StringComparison.Ordinal);
        }

        Assert.Equal(408, (await headless.HearAsync()).Status);
        slow.ForEach(raw => raw.Dispose());
        Assert.Empty(await host.Get<IBlobStore>().ListAsync("", default).ToListAsync());
        // The places that they held are free.
        Assert.Equal(
            204,
            (int)(await host.Acme.PutAsync(line[4..], new ByteArrayContent(new byte[100_000]))).StatusCode
        );
    }

    [Fact]
    public async Task Streams_AThousandHalfOpen_HoldNoMoreThanATenantsShare_AndAreLetGoWhenTheirClientsAre()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        string url = $"/v1/jobs/{(await host.Acme.DebugJobAsync()).Id}/events";
        string theirs = $"/v1/jobs/{(await host.Other.DebugJobAsync()).Id}/events";
        List<RawHttp> all = [];
        int[] statuses = new int[1000];
        try
        {
            for (int i = 0; i < statuses.Length; i++)
            {
                all.Add(await RawHttp.OpenAsync(host));
                await all[i].SayAsync(host.Acme, $"GET {url}", "Accept: text/event-stream");
            }

            for (int i = 0; i < statuses.Length; i++)
            {
                statuses[i] = (await all[i].HearAsync()).Status;
            }

            Assert.Equal((100, 900), (statuses.Count(s => s == 200), statuses.Count(s => s == 429)));
            Assert.Equal(200, (int)(await host.Acme.GetAsync(url)).StatusCode);
            await using ApiStream other = await ApiStream.OpenAsync(host.Other, theirs);
            Assert.Equal(200, (int)other.Answer.StatusCode);
        }
        finally
        {
            // Gone without a word.
            all.ForEach(raw => raw.Dispose());
        }

        await Deadline.UntilAsync(
            async () =>
            {
                await using ApiStream again = await ApiStream.OpenAsync(host.Acme, url);
                return again.Answer.IsSuccessStatusCode;
            },
            "a free place"
        );
    }

    [Theory]
    [InlineData("GET /v1/workers/a%00b", 400)]
    [InlineData("GET /v1/models/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404)]
    [InlineData("GET /v1/jobs/..%2f..%2f", 404)]
    [InlineData("GET /v1/../healthz", 200)]
    [InlineData("GET //v1/jobs", 404)]
    [InlineData("GET /V1/JOBS", 200)]
    [InlineData("GET /v1/jobs?pageSize=1&pageSize=2", 400)]
    [InlineData("GET /v1/jobs/%FF%FE", 404)]
    [InlineData("TRACE /v1/jobs", 405)]
    public async Task Address_ThatIsOdd_IsAnsweredWithoutAFault(string line, int status)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, "postgres");
        using RawHttp raw = await RawHttp.OpenAsync(host);

        await raw.SayAsync(host.Acme, line);

        (int found, string text) = await raw.HearAsync();
        Assert.True(status == found, text);
    }
}
