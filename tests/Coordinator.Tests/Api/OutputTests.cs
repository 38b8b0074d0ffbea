using System.Net;
using System.Text;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Outputs;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Outputs;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.TestKit.Services;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>What a job has made, over HTTP.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Outputs_OfASucceededJob_AreListed_AndComeWholeOrInParts_ToBeSaved()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, press: new SegmentPress());
        ApiJob job = await host.Acme.DebugJobAsync("../Ünder\u202E \"x\".mp4");
        string url = $"/v1/jobs/{job.Id}/outputs";
        string digest = (await host.Acme.WaitForAsync(job, JobStep.Succeeded)).ResultSha256!;

        IReadOnlyList<ApiOutput> outputs = (await (await host.Acme.GetAsync(url)).ReadAsync<ApiOutputList>()).Outputs;
        Assert.Equal(["result", "report.json", "report.html", "people.png"], outputs.Select(o => o.Name));
        Assert.Equal("Ünder\uFFFD _x_.fused.mp4", outputs[0].FileName);
        foreach (ApiOutput output in outputs)
        {
            HttpResponseMessage whole = await host.Acme.GetAsync($"{url}/{output.Name}");
            byte[] bytes = await whole.Content.ReadAsByteArrayAsync();
            Assert.Equal((HttpStatusCode.OK, output.Bytes), (whole.StatusCode, bytes.Length));
            Assert.Equal(output.ContentType, whole.Content.Headers.ContentType?.MediaType);
            Assert.Equal("attachment", whole.Content.Headers.ContentDisposition?.DispositionType);
            Assert.Equal(output.FileName, whole.Content.Headers.ContentDisposition?.FileNameStar);
            Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal(404, (int)(await host.Other.GetAsync($"{url}/{output.Name}")).StatusCode);
            if (output.Sha256 is not null)
            {
                Assert.Equal((digest, digest), (output.Sha256, ApiUploads.HashOf(bytes)));
            }
        }

        Assert.Contains("</html>", await host.Acme.GetStringAsync($"{url}/report.html"), StringComparison.Ordinal);
        Assert.Contains("verification", await host.Acme.GetStringAsync($"{url}/report.json"), StringComparison.Ordinal);
        await AssertRangesAsync(host.Acme, $"{url}/result", digest, outputs[0].Bytes);
        Assert.Equal((404, "NOT_FOUND"), await (await host.Acme.GetAsync($"{url}/other")).ProblemAsync());
        Assert.Equal(404, (int)(await host.Other.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task Outputs_OfAJobThatHasNotSucceeded_AreNone_WhateverIsStored()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        JobRow job = await AddJobAsync(host, JobState.Cancelled);
        string url = $"/v1/jobs/{ApiIds.Write(ApiIds.Job, job.Id)}/outputs";

        Assert.Empty((await (await host.Acme.GetAsync(url)).ReadAsync<ApiOutputList>()).Outputs);
        Assert.Equal(404, (int)(await host.Acme.GetAsync($"{url}/result")).StatusCode);
    }

    [Fact]
    public async Task Output_InAzure_IsRedirectedTo_WhereItIsSavedUnderItsName_ForFiveMinutes()
    {
        AzureStoreOptions azure = new()
        {
            ConnectionString = await RealServices.AzureStorageAsync(),
            Container = $"outputs-{Guid.NewGuid():N}",
        };
        await using ApiHost host = await ApiHost.OpenAsync(_folder, coordinator: o => o with { Azure = azure });
        JobRow job = await AddJobAsync(host, JobState.Succeeded);
        string url = $"/v1/jobs/{ApiIds.Write(ApiIds.Job, job.Id)}/outputs/result";

        HttpResponseMessage answer = await host.Acme.GetAsync(url);

        Assert.Equal(302, (int)answer.StatusCode);
        using HttpClient anybody = new();
        HttpResponseMessage followed = await anybody.GetAsync(answer.Headers.Location);
        Assert.Equal("the result", await followed.Content.ReadAsStringAsync());
        Assert.Equal("clip.fused.mp4", followed.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("video/mp4", followed.Content.Headers.ContentType?.MediaType);
        Dictionary<string, string> signed = answer
            .Headers.Location!.Query.TrimStart('?')
            .Split('&')
            .ToDictionary(p => p.Split('=')[0], p => Uri.UnescapeDataString(p.Split('=')[1]));
        Assert.Equal(("r", "b"), (signed["sp"], signed["sr"]));
        Assert.InRange(DateTimeOffset.Parse(signed["se"]) - DateTimeOffset.Now, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal(404, (int)(await host.Other.GetAsync(url)).StatusCode);
    }

    [Theory]
    [InlineData("clip.mp4", "clip.x")]
    [InlineData("C:\\temp\\clip.mp4", "clip.x")]
    [InlineData("../../etc/passwd", "passwd.x")]
    [InlineData("-i.mp4", "i.x")]
    [InlineData("CON", "target.x")]
    [InlineData("con.a.mp4", "target.x")]
    [InlineData("..", "target.x")]
    [InlineData("", "target.x")]
    [InlineData("a\r\nSet-Cookie: b.mp4", "a\uFFFD\uFFFDSet-Cookie_ b.x")]
    [InlineData("\u001b[31mred.mp4", "\uFFFD[31mred.x")]
    public void FileName_OfWhateverATargetIsCalled_IsSafeOnAnyDisk(string label, string expected) =>
        Assert.Equal(expected, FileNames.Of(label, "x"));

    private static async Task AssertRangesAsync(HttpClient client, string url, string digest, long length)
    {
        string repr = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(digest))}:";
        byte[] whole = await client.GetByteArrayAsync(url);
        HttpResponseMessage part = await client.GetRangeAsync(url, "bytes=10-19");
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..20], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 10-19/{length}", part.Content.Headers.ContentRange?.ToString());
        Assert.Equal(repr, part.Headers.GetValues("Repr-Digest").Single());
        HttpResponseMessage end = await client.GetRangeAsync(url, "bytes=-5");
        Assert.Equal(whole[^5..], await end.Content.ReadAsByteArrayAsync());
        HttpResponseMessage beyond = await client.GetRangeAsync(url, $"bytes={length}-");
        Assert.Equal((416, "RANGE_NOT_SATISFIABLE"), await beyond.ProblemAsync());
        Assert.Equal($"bytes */{length}", beyond.Content.Headers.ContentRange?.ToString());
        string many = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{i}-{i}"));
        HttpResponseMessage abuse = await client.GetRangeAsync(url, $"bytes={many}");
        Assert.Equal(whole, await abuse.Content.ReadAsByteArrayAsync());
    }

    private static async Task<JobRow> AddJobAsync(ApiHost host, JobState state)
    {
        var id = Guid.NewGuid();
        BlobName blob = BlobNames.Result(id, 1, Guid.NewGuid(), ".mp4");
        using MemoryStream content = new(Encoding.UTF8.GetBytes("the result"));
        _ = await host.Get<IBlobStore>().PutAsync(blob, content, CancellationToken.None);
        JobRow job = new()
        {
            Id = id,
            TenantId = "acme",
            State = state,
            CreatedAt = DateTimeOffset.UnixEpoch,
            TargetLabel = "clip.mp4",
            TargetSha256 = new string('a', 64),
            Recipe = new Recipe { Processors = [new DebugStep()] },
            Sources = [],
            ResultBlob = blob.Value,
            ResultSha256 = new string('b', 64),
        };
        await using JobsDbContext context = await host.NewContextAsync();
        _ = context.Jobs.Add(job);
        _ = await context.SaveChangesAsync();
        return job;
    }
}
