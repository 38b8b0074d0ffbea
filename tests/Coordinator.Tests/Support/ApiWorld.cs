using System.Text;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Sources;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>
/// A tenant, acme, that has one of everything, and a good request for each operation. An operation or a place in an address that is
/// not known here fails the tests that walk over all of them: give it an example.
/// </summary>
internal sealed class ApiWorld
{
    private readonly ApiHost _host;

    /// <summary>What stands in addresses, and is acme's alone.</summary>
    private readonly Dictionary<string, string> _owned = [];

    /// <summary>What stands in addresses, and is everybody's or a part of something.</summary>
    private readonly Dictionary<string, string> _common = new()
    {
        ["attempt"] = "1",
        ["block"] = "0",
        ["chunk"] = "0",
        ["number"] = "1",
        ["model"] = "detector-full-range",
        ["output"] = "result",
        ["worker"] = "w1",
    };

    /// <summary>A good body for each operation that takes JSON.</summary>
    private readonly Dictionary<string, string> _bodies = [];

    private ApiWorld(ApiHost host) => _host = host;

    public required IReadOnlyList<ApiOperation> Operations { get; init; }

    public string this[string place] => _owned[place];

    /// <param name="host">With blocks of <see cref="BlockBytes"/> and nobody who works.</param>
    public static async Task<ApiWorld> MakeAsync(ApiHost host)
    {
        ApiWorld world = new(host) { Operations = await ApiOperation.AllAsync(host) };
        byte[] photo = await File.ReadAllBytesAsync(Footage.Path("audrey.jpg"));
        ApiSource source = await host.Acme.SourceAsync("a", photo);
        ApiSource second = await host.Acme.SourceAsync("b", photo);
        ApiJob other = await host.Acme.DebugJobAsync();
        ApiJob job = await host.Acme.DebugJobAsync();
        await Deadline.UntilAsync(
            async () => (await host.Acme.GetAsync($"/v1/jobs/{job.Id}/chunks/2")).IsSuccessStatusCode,
            "chunks"
        );
        foreach (ApiJob made in new[] { other, job })
        {
            Assert.Equal(200, (int)(await host.Acme.PostAsync($"/v1/jobs/{made.Id}:cancel", null)).StatusCode);
        }

        await world.HaveResultAsync(job);
        ApiUpload open = await (
            await host.Acme.AnnounceAsync([1, 2, 3, 4], size: BlockBytes + 4)
        ).ReadAsync<ApiUpload>();
        await host.Get<LiveWorkers>().ReportAsync(new WorkerReported("w1", 1, 0), default);
        // Its rows are all wrong: nothing is made of them.
        ApiBatch batch = await host.Acme.BatchAsync("id\na\nb\nc\n"u8.ToArray());
        _ = await host.Acme.BatchAsync("id\na\nb\n"u8.ToArray());
        world._owned["batch"] = batch.Id;
        world._bodies["createBatch"] = $$"""{"manifestUpload":"{{batch.ManifestUpload}}"}""";
        world._bodies["cancelBatch"] = "{}";
        world._owned["job"] = job.Id;
        world._owned["source"] = source.Id;
        world._owned["upload"] = open.Id;
        await world.HaveWebhooksAsync();
        world.WriteBodies(job.Target!, [source.Id, second.Id], source.Uploads[0]);
        return world;
    }

    public const int BlockBytes = 20_000;

    /// <summary>What the tests that use it ask of the host: <see cref="BlockBytes"/>, and the real catalogue of models.</summary>
    public static Task<ApiHost> HostAsync(TemporaryFolder folder, string database = "sqlite") =>
        ApiHost.OpenAsync(
            folder,
            database,
            change: o => o with { BlockBytes = BlockBytes },
            coordinator: o => o with { ModelsFolder = Path.Combine(Footage.SolutionFolder(), "models") }
        );

    public bool IsOwned(ApiOperation operation) => operation.Places.Any(_owned.ContainsKey);

    /// <summary>The operation's address, of acme's things; <paramref name="ids"/>: with other ids.</summary>
    public string AddressOf(ApiOperation operation, Func<string, string>? ids = null)
    {
        string address = operation.Path;
        foreach (string place in operation.Places)
        {
            string? id = _owned.TryGetValue(place, out string? own)
                ? ids?.Invoke(own) ?? own
                : _common.GetValueOrDefault(place);
            Assert.True(id is not null, $"{operation}: give {nameof(ApiWorld)} an example of {{{place}}}.");
            address = address.Replace($"{{{place}}}", id, StringComparison.Ordinal);
        }

        return address;
    }

    public string BodyOf(ApiOperation operation)
    {
        Assert.True(_bodies.ContainsKey(operation.Id), $"{operation}: give {nameof(ApiWorld)} an example of its body.");
        return _bodies[operation.Id];
    }

    /// <summary>A request that nothing is wrong with, as acme would send it.</summary>
    public HttpRequestMessage RequestOf(ApiOperation operation, Func<string, string>? ids = null)
    {
        HttpRequestMessage request = new(operation.Method, AddressOf(operation, ids));
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (operation.TakesJson)
        {
            request.Content = ApiJobs.Json(BodyOf(operation));
        }
        else if (operation.Id == "putBlock")
        {
            request.Content = new ByteArrayContent(new byte[BlockBytes]);
        }

        return request;
    }

    /// <summary>How many rows each table has, and how many blobs there are: what must not change where a request is refused.</summary>
    public async Task<string> CountAsync()
    {
        await using JobsDbContext context = await _host.NewContextAsync();
        StringBuilder all = new();
        foreach (IEntityType row in context.Model.GetEntityTypes().Where(t => t.GetTableName() is not null))
        {
            string table = row.GetTableName()!;
            // The keys of clients that tests make, and the workers' own reports.
            if (table is not ("ApiKeys" or "Workers"))
            {
                string sql = $"SELECT count(*) AS \"Value\" FROM \"{table}\"";
                long count = await context.Database.SqlQueryRaw<long>(sql).SingleAsync();
                _ = all.Append(table).Append(' ').Append(count).Append(", ");
            }
        }

        int blobs = await _host.Get<IBlobStore>().ListAsync("", default).CountAsync();
        return all.Append("blobs ").Append(blobs).ToString();
    }

    /// <summary>The job as if it had succeeded: with bytes to be had.</summary>
    private async Task HaveResultAsync(ApiJob job)
    {
        Assert.True(ApiIds.TryRead(ApiIds.Job, job.Id, out Guid id));
        BlobName blob = BlobNames.Result(id, 1, Guid.NewGuid(), ".mp4");
        using MemoryStream content = new(Encoding.UTF8.GetBytes("the result"));
        _ = await _host.Get<IBlobStore>().PutAsync(blob, content, CancellationToken.None);
        await using JobsDbContext context = await _host.NewContextAsync();
        _ = context.Attempts.Add(
            new AttemptRow
            {
                JobId = id,
                ChunkIndex = 0,
                Attempt = 1,
            }
        );
        // Over, so that one more can be asked for.
        _ = context.Replays.Add(
            new ReplayRow
            {
                JobId = id,
                ChunkIndex = 0,
                Number = 1,
                State = ReplayState.Compared,
            }
        );
        _ = await context.SaveChangesAsync();
        _ = await context
            .Jobs.Where(j => j.Id == id)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(j => j.State, JobState.Succeeded)
                    .SetProperty(j => j.ResultBlob, blob.Value)
                    .SetProperty(j => j.ResultSha256, new string('b', 64))
                    .SetProperty(j => j.IsCollected, true)
            );
    }

    /// <summary>Two, and two deliveries of the first that are over: nothing is on its way anywhere.</summary>
    private async Task HaveWebhooksAsync()
    {
        ApiWebhook webhook = await _host.Acme.HookAsync("https://example.com/hook");
        _ = await _host.Acme.HookAsync("https://example.com/second");
        Assert.True(ApiIds.TryRead(ApiIds.Webhook, webhook.Id, out Guid id));
        await using JobsDbContext context = await _host.NewContextAsync();
        foreach (int second in new[] { 1, 2 })
        {
            WebhookDeliveryRow row = new()
            {
                Id = Guid.NewGuid(),
                WebhookId = id,
                TenantId = "acme",
                Type = WebhookEvents.JobCompleted,
                Body = "{}",
                CreatedAt = webhook.CreateTime.AddSeconds(second),
                State = DeliveryState.Delivered,
                EndedAt = webhook.CreateTime.AddSeconds(second),
            };
            _ = context.WebhookDeliveries.Add(row);
            _owned["delivery"] = ApiIds.Write(ApiIds.Delivery, row.Id);
        }

        _ = await context.SaveChangesAsync();
        _owned["webhook"] = webhook.Id;
    }

    private void WriteBodies(string target, string[] sources, string photo)
    {
        _bodies["createUpload"] =
            $$"""{"fileName":"a.mp4","sizeBytes":{{BlockBytes}},"sha256":"{{new string('a', 64)}}","purpose":"TARGET"}""";
        _bodies["completeUpload"] = "{}";
        _bodies["createSource"] = $$"""{"name":"c","uploads":["{{photo}}"] }""";
        _bodies[
            "createJob"
        ] = $$"""
            {"target":"{{target}}","sources":["{{sources[0]}}","{{sources[
                1
            ]}}" ],"priority":7,"labels":{"k":"v"},"chunkFrames":9,
            "kind":"FUSE","recipe":{"processors":[{"processor":"swap","strength":0.5,"model":"mesh","keepEyes":true},
            {"processor":"redact","style":"blur","coverGaps":3,"grow":0.5}],"faces":{"mode":"map","map":{"1":"a"},
            "minScore":0.6},"encode":{"crf":20,"preset":"veryfast"},"tracking":{"detectEvery":2} } }
            """;
        _bodies["patchJob"] = """{"priority":8,"labels":{"k":"v"}}""";
        _bodies["createWebhook"] = """{"url":"https://example.com/hook","events":["job.completed"],"label":"w"}""";
        _bodies["patchWebhook"] = """{"url":"https://example.com/other","events":["job.completed"],"label":"x"}""";
        _bodies["rotateWebhookSecret"] = """{"keepHours":1}""";
        _bodies["cancelJob"] = """{"reason":"wrong face"}""";
    }
}
