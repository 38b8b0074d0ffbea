using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Decoding.Card;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding.Card;

/// <summary>Packets for a card's decoder are those of the container, with its timestamps.</summary>
public sealed class PacketFeedTests
{
    private static readonly byte[] StartCode = [0, 0, 1];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("h264-closed-gop", 7)]
    [InlineData("h264-open-gop", 7)]
    [InlineData("h264-intra-refresh", 7)]
    [InlineData("h264-ts-open-gop", 7)]
    [InlineData("hevc-10bit-open-gop", 32)]
    public void Read_AllPackets_HaveEveryTimestampOfTheTable_AndHeadersInFront(string clip, int firstUnit)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, clip);

        List<(long Pts, byte[] Packet)> packets = Read(source, source.Table.All);

        Assert.Equal(
            source.Table.RawPts,
            packets.Select(static p => p.Pts).Where(p => p >= source.Table.RawPts[0]).Order()
        );
        Assert.All(packets, static p => Assert.InRange(p.Packet.AsSpan().IndexOf(StartCode), 0, 1));
        int unit = packets[0].Packet[packets[0].Packet.AsSpan().IndexOf(StartCode) + StartCode.Length];
        Assert.Equal(firstUnit, source.Video.Format.Codec == "hevc" ? unit >> 1 : unit & 0x1F);
    }

    /// <summary>From a refresh on: exactly the bytes that come from there when all are read.</summary>
    [Fact]
    public void Read_FromAKeyFrameOn_GivesTheSamePackets()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        List<(long Pts, byte[] Packet)> all = Read(source, source.Table.All);

        List<(long Pts, byte[] Packet)> rest = Read(source, new FrameRange(65, 66));

        int start = all.FindIndex(p => p.Pts == source.Table.RawPts[60]);
        Assert.Equal(all[start..].Select(static p => p.Pts), rest.Select(static p => p.Pts));
        Assert.All(all[start..].Zip(rest), static pair => Assert.Equal(pair.First.Packet, pair.Second.Packet));
    }

    [Fact]
    public void Read_Cancelled_EndsTheChild()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        using CancellationTokenSource stop = new();
        using PacketFeed feed = new(Clips.Tools, source.Path, Plan(source, source.Table.All), stop.Token);
        Assert.True(feed.Read(out _, out _, stop.Token));
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
        {
            while (feed.Read(out _, out _, stop.Token)) { }
        });
    }

    /// <summary>The second packet is announced and never comes.</summary>
    [Fact]
    public void Read_FfmpegEndsWithinAPacket_IsAnErrorOfTheDecoder()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        string folder = Directory.CreateTempSubdirectory("ffb-packets-").FullName;
        string ffmpeg = Path.Combine(folder, "ffmpeg");
        Rational clock = source.Table.TimeBase;
        File.WriteAllText(
            ffmpeg,
            $$"""
            #!/bin/sh
            case "$*" in *framecrc*) ;; *) exec '{{Clips.Tools.FfmpegPath}}' "$@" ;; esac
            printf '#tb 0: {{clock.Num}}/{{clock.Den}}\n0, 0, 0, 1, 4, 0x0\n0, 1, 1, 1, 4000, 0x0\n' >&2
            printf 'four and no more'
            """
        );
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(ffmpeg, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        MediaTools tools = MediaTools.Locate($"{folder}:{Environment.GetEnvironmentVariable("PATH")}");
        using PacketFeed feed = new(tools, source.Path, Plan(source, source.Table.All), Stop);
        Assert.True(feed.Read(out _, out int length, Stop));
        Assert.Equal(4, length);

        Assert.Equal("decode-failed", Assert.ThrowsAny<FusionException>(() => feed.Read(out _, out _, Stop)).Code);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Read_FileThatIsNone_SaysThatItCannotBeDecoded()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, new byte[1000]);
        using PacketFeed feed = new(Clips.Tools, file, Plan(source, source.Table.All), Stop);

        Assert.Equal("decode-failed", Assert.ThrowsAny<FusionException>(() => feed.Read(out _, out _, Stop)).Code);
        File.Delete(file);
    }

    private static DecodePlan Plan(PreparedSource source, FrameRange range) =>
        DecodePlan.For(source.Video.Format, source.Table, range);

    private static List<(long Pts, byte[] Packet)> Read(PreparedSource source, FrameRange range)
    {
        using PacketFeed feed = new(Clips.Tools, source.Path, Plan(source, range), Stop);
        List<(long Pts, byte[] Packet)> packets = [];
        while (feed.Read(out long pts, out int length, Stop))
        {
            packets.Add((pts, feed.Packet[..length]));
        }

        return packets;
    }
}
