using System.Buffers.Binary;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Media.Tests.Exactness;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Probing;

public sealed class FrameTableBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("h264-closed-gop", true)]
    [InlineData("edit-list", true)]
    [InlineData("vfr-mp4", true)]
    [InlineData("vp9-webm", true)]
    [InlineData("shared-timestamps-mkv", false)]
    [InlineData("mpeg2-ts", false)]
    [InlineData("h264-avi", false)]
    public void Build_DecodesOnlyWhatCannotBeTrusted(string name, bool fromPackets)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, name);
        Assert.Equal(fromPackets, source.Built.FromPackets);
        Assert.Equal(source.Numbers.Count, source.Table.Count);
    }

    [Fact]
    public void Build_SharedTimestamps_WarnsAndMovesThem()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "shared-timestamps-mkv");
        Assert.True(source.Table.Moved > 30);
        Assert.Contains(source.Built.Warnings, w => w.Contains("share a timestamp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_EditListThatHidesTheEnd_CountsShownFramesOnly()
    {
        byte[] bytes = File.ReadAllBytes(HardSources.Path("h264-closed-gop"));
        int edit = bytes.AsSpan().IndexOf("elst"u8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(edit + 12), 3_000);
        string path = _folder.File("trimmed.mp4");
        File.WriteAllBytes(path, bytes);

        PreparedSource source = PreparedSource.Prepare(Clips.Tools, path);

        Assert.Equal(Enumerable.Range(0, 90), source.Numbers);
        Verification verification = await RoundTrip.RunAsync(Clips.Tools, source, 37, _folder.File("out.mp4"));
        Assert.Equal((90, 90), (verification.FramesExpected, verification.FramesFound));
    }
}
