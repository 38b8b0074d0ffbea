using System.IO.Compression;
using System.Text;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>What is no video whatever it is called, and names that would do something.</summary>
public sealed class UploadContentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Content_ThatIsNoVideo_Is422_ForMediaOfBothPurposes_AndNothingOfItIsLeft()
    {
        byte[] clip = await File.ReadAllBytesAsync(TinyClip.FullPath);
        Dictionary<string, byte[]> contents = new()
        {
            ["text"] = Encoding.UTF8.GetBytes("Just some text, called a video."),
            ["one byte"] = [0],
            ["zeros"] = new byte[10_000],
            ["HTML"] = "<!doctype html><script>alert(1)</script>"u8.ToArray(),
            ["zip"] = Zip(clip),
            ["gzip"] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. clip[..200]],
            ["PDF"] = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"u8.ToArray(),
            ["ELF"] = [0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[100]],
            ["SVG"] = Encoding.UTF8.GetBytes(
                "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
            ),
            ["DASH"] = "<MPD><Period><BaseURL>http://127.0.0.1:1/</BaseURL></Period></MPD>"u8.ToArray(),
            ["SDP"] = "v=0\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"u8.ToArray(),
            ["ASX"] = "<asx><entry><ref href='http://127.0.0.1:1/'/></entry></asx>"u8.ToArray(),
            ["the head of a clip"] = clip[..40],
        };
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        Findings found = new();
        foreach ((string name, byte[] content) in contents)
        {
            // A manifest is read by the batch that it is for.
            foreach (UploadFor purpose in (UploadFor[])[UploadFor.Target, UploadFor.Source])
            {
                ApiUpload upload = await (await host.Acme.AnnounceAsync(content, purpose)).ReadAsync<ApiUpload>();
                await host.Acme.PutBlocksAsync(upload, content);
                Told told = await Told.OfAsync(host.Acme, new(HttpMethod.Post, $"/v1/uploads/{upload.Id}:complete"));
                found.Require(told.Status == 422, $"{name} for {purpose}: {told} {told.Text}");
                found.Require(!told.Text.Contains(_folder.PathOf(""), StringComparison.Ordinal), told.Text);
                string job = $$"""{"target":"{{upload.Id}}","recipe":{"processors":[{"processor":"debug"}] } }""";
                Told refused = await Told.OfAsync(
                    host.Acme,
                    new(HttpMethod.Post, "/v1/jobs") { Content = ApiJobs.Json(job) }
                );
                found.Require(refused.Pointers is ["/target"], $"a job of {name}: {refused}");
            }
        }

        found.Done(atLeast: 70);
        Assert.Empty(await host.Get<IBlobStore>().ListAsync("", default).ToListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("work/scratch")));
    }

    [Fact]
    public async Task Names_ThatWouldDoSomething_AreTextAndNothingElse()
    {
        string[] names =
        [
            "../../etc/passwd",
            "a\0b.mp4",
            "a\r\nSet-Cookie: x=1.mp4",
            "\u202Egpj.exe",
            "-i.mp4",
            "CON",
            "concat:/etc/passwd|x",
            "subfile,,start,0,end,9,,:/etc/passwd",
            "data:text/html,x",
            "<script>alert(1)</script>.mp4",
            "\u001b]8;;http://x\u0007click\u001b]8;;\u0007",
            "party 🎉.mp4",
            new string('n', 4096),
            $"{new string('m', 254)}🎉",
        ];
        byte[] clip = await File.ReadAllBytesAsync(TinyClip.FullPath);
        await using ApiHost host = await ApiHost.OpenAsync(_folder, "postgres");
        ApiUpload first = await host.Acme.UploadAsync(clip);
        Findings found = new();
        foreach (string name in names)
        {
            ApiUpload upload = await (await host.Acme.AnnounceAsync(clip, name: name)).ReadAsync<ApiUpload>();
            string asked = $$"""{"target":"{{upload.Id}}","recipe":{"processors":[{"processor":"debug"}] } }""";
            HttpResponseMessage made = await host.Acme.PostAsync("/v1/jobs", ApiJobs.Json(asked));
            ApiJob job = await made.ReadAsync<ApiJob>();
            string reason = System.Text.Json.JsonSerializer.Serialize(new CancelJob { Reason = name }, ApiJson.Answers);
            HttpResponseMessage ended = await host.Acme.PostAsync($"/v1/jobs/{job.Id}:cancel", ApiJobs.Json(reason));
            string shown = (await ended.ReadAsync<ApiJob>()).CancelReason!;
            found.Require(upload.State == UploadStep.Ready && upload.Sha256 == first.Sha256, $"{name}: {upload.State}");
            found.Require(shown == upload.FileName && shown.Length <= 255, $"{name}: {shown}, {upload.FileName}");
            bool isInert = !shown.Any(c => char.IsControl(c) || c is >= '\u202A' and <= '\u202E');
            found.Require(isInert, $"{name}: {shown}");
        }

        found.Done(atLeast: 40);
        // One target, by its hash: no name is part of where it rests.
        Assert.Equal(
            [BlobNames.Target(first.Sha256).Value],
            (await host.Get<IBlobStore>().ListAsync("", default).ToListAsync())
                .Select(b => b.Value)
                .Where(b => !b.StartsWith("jobs/", StringComparison.Ordinal))
        );
    }

    private static byte[] Zip(byte[] content)
    {
        using MemoryStream whole = new();
        using (ZipArchive zip = new(whole, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("clip.mp4").Open();
            entry.Write(content);
        }

        return whole.ToArray();
    }
}
