using System.Net;
using System.Net.Http.Json;
using System.Text;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Sources;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>Bytes on their way in, through the coordinator to its folder.</summary>
public sealed class UploadTests : IDisposable
{
    private static readonly byte[] Clip = File.ReadAllBytes(TinyClip.FullPath);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Upload_InBlocksAndResumed_IsCheckedAndLookedInto(string kind)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, kind, change: o => o with { BlockBytes = 2000 });
        HttpClient acme = host.Acme;
        HttpResponseMessage created = await acme.AnnounceAsync(Clip);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        ApiUpload upload = await created.ReadAsync<ApiUpload>();
        Assert.Equal($"/v1/uploads/{upload.Id}", created.Headers.Location?.ToString());
        Assert.Equal((Clip.Length + 1999) / 2000, upload.BlockCount);
        Assert.Equal((409, "UPLOAD_INCOMPLETE"), await (await acme.CompleteAsync(upload.Id)).ProblemAsync());
        // The last block first; then what the list says is missing.
        int last = upload.BlockCount!.Value - 1;
        string lastUrl = $"/v1/uploads/{upload.Id}/blocks/{last}";
        for (int again = 0; again < 2; again++)
        {
            HttpResponseMessage put = await acme.PutAsync(lastUrl, new ByteArrayContent(Clip[(last * 2000)..]));
            Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        }

        ApiBlockList listed = await (await acme.GetAsync($"/v1/uploads/{upload.Id}/blocks")).ReadAsync<ApiBlockList>();
        Assert.Equal(last, listed.Blocks.Single(b => b.Received).Number);
        await acme.PutBlocksAsync(upload, Clip);

        HttpResponseMessage completed = await acme.CompleteAsync(upload.Id);

        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        ApiUpload ready = await completed.ReadAsync<ApiUpload>();
        Assert.Equal(
            (64, 48, "25/1", 1, "h264"),
            (ready.Media!.Width, ready.Media.Height, ready.Media.Fps, ready.Media.AudioTracks, ready.Media.Codec)
        );
        Assert.Equal(HttpStatusCode.OK, (await acme.CompleteAsync(upload.Id)).StatusCode);
        Assert.Equal(
            Clip.Length,
            await host.Get<IBlobStore>().FindLengthAsync(BlobNames.Target(upload.Sha256), default)
        );
        // They go when the upload is ready, and who asks hears of that a moment before.
        await Deadline.UntilAsync(
            async () => !await host.Get<IBlobStore>().ListAsync("uploads/", default).AnyAsync(),
            "an upload without blocks"
        );
        Assert.Equal(
            (409, "INVALID_STATE"),
            await (await acme.PutAsync(lastUrl, new ByteArrayContent([1]))).ProblemAsync()
        );
    }

    [Fact]
    public async Task Create_OfBytesThatTheTenantHas_IsReadyAtOnce_AndNobodyLearnsOfAnothersBytes()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiUpload first = await host.Acme.UploadAsync(Clip);

        HttpResponseMessage again = await host.Acme.AnnounceAsync(Clip);
        HttpResponseMessage others = await host.Other.AnnounceAsync(Clip);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        ApiUpload same = await again.ReadAsync<ApiUpload>();
        Assert.Equal((UploadStep.Ready, true, first.Media!.Width), (same.State, same.Deduplicated, same.Media!.Width));
        Assert.NotEqual(first.Id, same.Id);
        Assert.Equal(HttpStatusCode.Created, others.StatusCode);
        ApiUpload upload = await others.ReadAsync<ApiUpload>();
        Assert.Equal((UploadStep.AwaitingBytes, false), (upload.State, upload.Deduplicated));
        Assert.Equal((409, "UPLOAD_INCOMPLETE"), await (await host.Other.CompleteAsync(upload.Id)).ProblemAsync());
        Assert.Equal(UploadStep.Ready, (await host.Other.UploadAsync(Clip)).State);
        Assert.Equal((404, "NOT_FOUND"), await (await host.Other.CompleteAsync(first.Id)).ProblemAsync());
    }

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "", "UPLOAD_EMPTY" },
            { "Just some text, called a video.", "VIDEO_NOT_READABLE" },
            { "<html><video src=x></html>", "VIDEO_NOT_READABLE" },
            { "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "VIDEO_NOT_READABLE" },
            { "ffconcat version 1.0\nfile /etc/passwd\n", "VIDEO_NOT_ALLOWED" },
            { "%PDF-1.7\n1 0 obj\n", "VIDEO_NOT_READABLE" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Complete_OfWhatIsNoVideo_Is422AndStaysSo(string content, string code)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        ApiUpload upload = await (await host.Acme.AnnounceAsync(bytes)).ReadAsync<ApiUpload>();
        await host.Acme.PutBlocksAsync(upload, bytes);

        (int, string) first = await (await host.Acme.CompleteAsync(upload.Id)).ProblemAsync();
        (int, string) second = await (await host.Acme.CompleteAsync(upload.Id)).ProblemAsync();

        Assert.Equal(((422, code), (422, code)), (first, second));
        ApiUpload refused = await (await host.Acme.GetAsync($"/v1/uploads/{upload.Id}")).ReadAsync<ApiUpload>();
        Assert.Equal(UploadStep.Refused, refused.State);
        Assert.Empty(await host.Get<IBlobStore>().ListAsync("", default).ToListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("work/scratch")));
    }

    [Fact]
    public async Task Complete_OfOtherBytesThanDeclared_Is422_AndNothingIsKept()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        byte[] changed = [.. Clip];
        changed[^1] ^= 1;
        ApiUpload upload = await (await host.Acme.AnnounceAsync(Clip)).ReadAsync<ApiUpload>();
        await host.Acme.PutBlocksAsync(upload, changed);

        Assert.Equal((422, "DIGEST_MISMATCH"), await (await host.Acme.CompleteAsync(upload.Id)).ProblemAsync());
        Assert.Empty(await host.Get<IBlobStore>().ListAsync("", default).ToListAsync());
    }

    [Theory]
    [InlineData("""{"fileName":"a","sizeBytes":1,"sha256":"00","purpose":"TARGET"}""", 400, "/sha256")]
    [InlineData(
        """{"fileName":"","sizeBytes":-1,"sha256":"00","purpose":"TARGET"}""",
        400,
        "/fileName /sha256 /sizeBytes"
    )]
    [InlineData("""{"fileName":"a","sizeBytes":1,"sha256":"00","purpose":"THEFT"}""", 400, "/purpose")]
    [InlineData("""{"fileName":"a","sizeBytes":"1","sha256":"00","purpose":"TARGET"}""", 400, "/sizeBytes")]
    [InlineData("""{"fileName":"a","sizeBytes":1e999,"sha256":"00","purpose":"TARGET"}""", 400, "/sizeBytes")]
    [InlineData("""{"fileName":"a","sizeBytes":1,"sha256":"00","purpose":"TARGET","path":"/etc"}""", 400, "/path")]
    [InlineData("""{"FileName":"a","sizeBytes":1,"sha256":"00","purpose":"TARGET"}""", 400, "/FileName")]
    [InlineData("""{"fileName":"a","fileName":"b","sizeBytes":1,"sha256":"00","purpose":"TARGET"}""", 400, "/fileName")]
    [InlineData("""{"fileName":null,"sizeBytes":1,"sha256":"00","purpose":"TARGET"}""", 400, "/fileName")]
    [InlineData("""{"fileName":"a",}""", 400, "")]
    [InlineData("null", 400, "")]
    [InlineData("[]", 400, "")]
    [InlineData("\uFEFF{}", 400, "")]
    [InlineData("{", 400, "")]
    public async Task Create_OfNonsense_IsRefusedWithAPointer(string json, int status, string pointers)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);

        HttpResponseMessage answer = await host.Acme.PostAsync("/v1/uploads", Json(json));

        Assert.Equal((status, "INVALID_REQUEST"), await answer.ProblemAsync());
        string[] found =
        [
            .. (await answer.JsonAsync())
                .GetProperty("errors")
                .EnumerateArray()
                .Select(e => e.GetProperty("pointer").GetString()!),
        ];
        Assert.Equal(pointers, string.Join(' ', found));
        Assert.DoesNotContain("FaceFusion", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TooDeep_TooLarge_OrInAnotherCharset_IsRefused()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, change: o => o with { MaxTargetBytes = 10 });
        string deep = new string('[', 1000) + new string(']', 1000);

        Assert.Equal(
            (400, "INVALID_REQUEST"),
            await (await host.Acme.PostAsync("/v1/uploads", Json(deep))).ProblemAsync()
        );
        Assert.Equal((413, "TOO_LARGE"), await (await host.Acme.AnnounceAsync([], size: 11)).ProblemAsync());
        host.Acme.DefaultRequestHeaders.ExpectContinue = true;
        HttpResponseMessage large = await host.Acme.PostAsync("/v1/uploads", Json(new string(' ', 2 << 20)));
        Assert.Equal((413, "TOO_LARGE"), await large.ProblemAsync());
        host.Acme.DefaultRequestHeaders.ExpectContinue = false;
        StringContent latin = new("{}", Encoding.Latin1, "application/json");
        Assert.Equal(
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            await (await host.Acme.PostAsync("/v1/uploads", latin)).ProblemAsync()
        );
    }

    [Theory]
    [InlineData("../../etc/passwd", "../../etc/passwd")]
    [InlineData("a\0b\nc", "a\uFFFDb\uFFFDc")]
    [InlineData("\u202Egpj.exe", "\uFFFDgpj.exe")]
    [InlineData("-i.mp4", "-i.mp4")]
    [InlineData("\u001b[31mred", "\uFFFD[31mred")]
    [InlineData("party 🎉.mp4", "party 🎉.mp4")]
    public async Task Create_WithAnyName_KeepsItAsALabelOnly(string name, string shown)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);

        ApiUpload upload = await (await host.Acme.AnnounceAsync(Clip, name: name)).ReadAsync<ApiUpload>();

        Assert.Equal(shown, upload.FileName);
        string longest = new('x', 4096);
        Assert.Equal(
            255,
            (await (await host.Acme.AnnounceAsync(Clip, name: longest)).ReadAsync<ApiUpload>()).FileName.Length
        );
    }

    [Fact]
    public async Task PutBlock_OfAnotherLengthOrPlaceOrDigest_OrTooLate_IsRefused()
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(
            _folder,
            clock: clock,
            change: o => o with { BlockBytes = 4 }
        );
        ApiUpload upload = await (await host.Acme.AnnounceAsync([1, 2, 3, 4, 5, 6])).ReadAsync<ApiUpload>();
        string first = $"/v1/uploads/{upload.Id}/blocks/0";

        Assert.Equal((400, "INVALID_REQUEST"), await (await host.Acme.PutAsync(first, Bytes(3))).ProblemAsync());
        Assert.Equal((400, "INVALID_REQUEST"), await (await host.Acme.PutAsync(first, Bytes(5))).ProblemAsync());
        ByteArrayContent elsewhere = Bytes(4);
        _ = elsewhere.Headers.TryAddWithoutValidation("Content-Range", "bytes 2-5/6");
        Assert.Equal((400, "INVALID_REQUEST"), await (await host.Acme.PutAsync(first, elsewhere)).ProblemAsync());
        ByteArrayContent other = Bytes(4);
        _ = other.Headers.TryAddWithoutValidation("Content-Digest", "sha-256=:AAAA:");
        Assert.Equal((400, "INVALID_REQUEST"), await (await host.Acme.PutAsync(first, other)).ProblemAsync());
        Assert.Equal(404, (int)(await host.Acme.PutAsync($"/v1/uploads/{upload.Id}/blocks/2", Bytes(2))).StatusCode);
        Assert.Empty(await host.Get<IBlobStore>().ListAsync("", default).ToListAsync());
        clock.Jump(TimeSpan.FromHours(24));
        Assert.Equal((410, "UPLOAD_EXPIRED"), await (await host.Acme.PutAsync(first, Bytes(4))).ProblemAsync());
        Assert.Equal((410, "UPLOAD_EXPIRED"), await (await host.Acme.CompleteAsync(upload.Id)).ProblemAsync());
    }

    [Fact]
    public async Task Source_FromAPhoto_IsListedInPages_AndRefusesWhatIsNone()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        byte[] photo = await File.ReadAllBytesAsync(Footage.Path("audrey.jpg"));
        ApiSource[] made = [await host.Acme.SourceAsync("a", photo), await host.Acme.SourceAsync("b", photo)];
        ApiUpload target = await host.Acme.UploadAsync(Clip);

        HttpResponseMessage one = await host.Acme.GetAsync("/v1/sources?pageSize=1");
        ApiSourceList page = await one.ReadAsync<ApiSourceList>();
        Assert.Equal(made[1].Id, page.Sources.Single().Id);
        Assert.Contains("rel=\"next\"", one.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        string next = $"/v1/sources?pageSize=1&pageToken={page.NextPageToken}";
        ApiSourceList rest = await (await host.Acme.GetAsync(next)).ReadAsync<ApiSourceList>();
        Assert.Equal((made[0].Id, null), (rest.Sources.Single().Id, rest.NextPageToken));
        foreach (string[] wrong in new string[][] { [target.Id], [made[0].Id], ["upl_"], [] })
        {
            CreateSource asked = new() { Name = "c", Uploads = wrong };
            Assert.Equal(
                (400, "INVALID_REQUEST"),
                await (await host.Acme.PostAsJsonAsync("/v1/sources", asked, ApiJson.Answers)).ProblemAsync()
            );
        }

        CreateSource theirs = new() { Name = "c", Uploads = made[0].Uploads };
        Assert.Equal(400, (int)(await host.Other.PostAsJsonAsync("/v1/sources", theirs, ApiJson.Answers)).StatusCode);
        Assert.Equal(400, (int)(await host.Other.GetAsync(next)).StatusCode);
        Assert.Equal(204, (int)(await host.Acme.DeleteAsync($"/v1/sources/{made[0].Id}")).StatusCode);
        Assert.Equal(404, (int)(await host.Acme.GetAsync($"/v1/sources/{made[0].Id}")).StatusCode);
        ApiUpload clip = await (await host.Acme.AnnounceAsync(Clip, UploadFor.Source)).ReadAsync<ApiUpload>();
        await host.Acme.PutBlocksAsync(clip, Clip);
        Assert.Equal((422, "SOURCE_UNSUPPORTED"), await (await host.Acme.CompleteAsync(clip.Id)).ProblemAsync());
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static ByteArrayContent Bytes(int count) => new(new byte[count]);
}
