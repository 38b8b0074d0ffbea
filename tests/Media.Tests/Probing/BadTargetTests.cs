using System.Net;
using System.Net.Sockets;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Probing;

/// <summary>Targets that must be refused by name, before any work is done.</summary>
public sealed class BadTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NoFile_SaysMissing() => AssertRefused("video-missing", _folder.File("none.mp4"));

    [Fact]
    public void Read_EmptyFile_SaysEmpty() => AssertRefused("video-empty", Written("empty.mp4", ""));

    [Theory]
    [InlineData("hello, this is no video")]
    [InlineData("<html><body>not found</body></html>")]
    [InlineData("PK\u0003\u0004 a zip archive")]
    public void Read_TextNamedMp4_SaysNotReadable(string text) =>
        AssertRefused("video-not-readable", Written("text.mp4", text));

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>{0}</BaseURL></MPD>\n")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n")]
    public void Read_PlaylistNamedMp4_ReadsNeitherNetworkNorFiles(string script)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string url = $"http://{listener.LocalEndpoint}/part.ts";
        string path = Written("list.mp4", string.Format(null, script, url));

        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() => Probe(path));

        Assert.Contains(refused.Code, (string[])["video-not-allowed", "video-not-readable"]);
        Assert.False(listener.Pending());
    }

    [Fact]
    public void Read_PlaylistOfALocalVideo_IsNotFollowed()
    {
        string inner = HardSources.Path("h264-closed-gop");
        string path = Written(
            "list.mp4",
            $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:{inner}\n#EXT-X-ENDLIST\n"
        );
        AssertRefused("video-not-allowed", path);
    }

    [Fact]
    public void Read_CutBeforeItsIndex_SaysTruncated()
    {
        byte[] whole = File.ReadAllBytes(HardSources.Path("h264-closed-gop"));
        string path = _folder.File("cut.mp4");
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        AssertRefused("video-truncated", path);
    }

    [Fact]
    public void Build_CutInItsPictures_SaysTruncated()
    {
        string whole = Clips.Make(
            "-i",
            HardSources.Path("h264-closed-gop"),
            "-c",
            "copy",
            "-movflags",
            "+faststart",
            _folder.File("whole.mp4")
        );
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(whole, bytes[..(bytes.Length / 2)]);

        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() => BuildTable(whole));

        Assert.Equal("video-truncated", refused.Code);
    }

    [Fact]
    public void Read_Encrypted_SaysEncrypted()
    {
        string path = Clips.Make(
            "-i",
            HardSources.Path("h264-closed-gop"),
            "-c",
            "copy",
            "-encryption_scheme",
            "cenc-aes-ctr",
            "-encryption_key",
            "76a6c65c5ea762046bd749a2e632ccbb",
            "-encryption_kid",
            "a7e61c373e219033c21091fa607bf3b8",
            _folder.File("encrypted.mp4")
        );
        AssertRefused("video-encrypted", path);
    }

    [Fact]
    public void Read_SoundOnly_SaysNoStream()
    {
        string path = Clips.Make("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", _folder.File("sound.mp4"));
        AssertRefused("video-no-stream", path);
    }

    [Fact]
    public void Read_PixelBomb_SaysTooLarge() =>
        AssertRefused("video-too-large", Clips.PngBomb(_folder.File("bomb.mp4"), 16_000, 16_000));

    [Fact]
    public void Build_SizeChangesOnTheWay_SaysSo()
    {
        string[] encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-f", "mpegts"];
        string small = Clips.Make(["-f", "lavfi", "-i", "testsrc=s=160x96:d=2", .. encoder, _folder.File("small.ts")]);
        string large = Clips.Make(["-f", "lavfi", "-i", "testsrc=s=320x192:d=2", .. encoder, _folder.File("large.ts")]);
        using (FileStream end = new(small, FileMode.Append))
        {
            end.Write(File.ReadAllBytes(large));
        }

        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() => BuildTable(small));

        Assert.Equal("video-size-changes", refused.Code);
    }

    [Fact]
    public void Read_Mirrored_SaysRotation()
    {
        string path = Clips.Make("-i", HardSources.Path("rotated"), "-c", "copy", _folder.File("mirrored.mp4"));
        byte[] bytes = File.ReadAllBytes(path);
        // The track header's matrix begins 0, -1, 0, 1 as 16.16 numbers; with both signs equal it mirrors.
        byte[] turned = [0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
        int at = bytes.AsSpan().IndexOf(turned);
        Assert.True(at > 0);
        bytes[at + 4] = 0;
        bytes[at + 5] = 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused("video-rotation", path);
    }

    [Theory]
    [InlineData("-i.mp4")]
    [InlineData("a b'c\"d.mp4")]
    [InlineData("line\nbreak.mp4")]
    [InlineData("concat:x|y.mp4")]
    [InlineData("img%03d.mp4")]
    public void Read_StrangeName_IsOnlyAName(string name)
    {
        string path = _folder.File(name);
        File.Copy(HardSources.Path("h264-closed-gop"), path);
        Assert.Equal(320, Probe(path).Format.Width);
    }

    [Fact]
    public void Read_WrongExtension_GoesByContent()
    {
        string path = _folder.File("video.txt");
        File.Copy(HardSources.Path("vp9-webm"), path);
        Assert.Contains("webm", Probe(path).Format.Demuxer, StringComparison.Ordinal);
    }

    private static ProbedVideo Probe(string path) =>
        new VideoProbe(Clips.Tools).Read(path, TestContext.Current.CancellationToken);

    private static void BuildTable(string path) =>
        new FrameTableBuilder(Clips.Tools).Build(path, Probe(path), TestContext.Current.CancellationToken);

    private static void AssertRefused(string code, string path)
    {
        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() => Probe(path));
        Assert.Equal(code, refused.Code);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
    }

    private string Written(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
