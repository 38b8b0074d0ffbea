using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Tests.Probing;

public sealed class FrameTableTests
{
    private static readonly Rational Tick = new(1, 90_000);

    [Fact]
    public void New_SharedTimestamps_AreMovedByOneTick()
    {
        FrameTable table = new(Tick, [0, 100, 100, 100, 200], [0, 100], 0);

        Assert.Equal([0, 100, 101, 102, 200], table.Pts);
        Assert.Equal([0, 100, 100, 100, 200], table.RawPts);
        Assert.Equal(2, table.Moved);
    }

    [Fact]
    public void New_FallingTimestamps_AreRefused()
    {
        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() =>
            new FrameTable(Tick, [0, 100, 90], [0], 0)
        );
        Assert.Equal("video-timestamps", refused.Code);
    }

    [Fact]
    public void New_NoFrames_IsRefused() =>
        Assert.Equal(
            "video-no-frames",
            Assert.Throws<InvalidVideoException>(() => new FrameTable(Tick, [], [], 0)).Code
        );

    [Fact]
    public void KeyFrames_HiddenKeyPacket_IsNotAFrame()
    {
        FrameTable table = new(Tick, [0, 10, 20, 30], [-40, 20], 0);
        Assert.Equal([2], table.KeyFrames);
        Assert.Equal([-40, 20], table.KeyPts);
    }

    [Fact]
    public void Load_AfterSave_GivesTheSameTable()
    {
        using TemporaryFolder folder = new();
        Random random = new(7);
        long[] pts = new long[5_000];
        for (int i = 1; i < pts.Length; i++)
        {
            pts[i] = pts[i - 1] + random.Next(0, 9_000);
        }

        pts[0] = -1_234_567_890_123;
        FrameTable saved = new(Tick, pts, [pts[0], pts[40], pts[4_000]], 1.466733);
        saved.Save(folder.File("table"));

        FrameTable loaded = FrameTable.Load(folder.File("table"));

        Assert.Equal(saved.RawPts, loaded.RawPts);
        Assert.Equal(saved.Pts, loaded.Pts);
        Assert.Equal(saved.KeyPts, loaded.KeyPts);
        Assert.Equal(saved.TimeBase, loaded.TimeBase);
        Assert.Equal(saved.ContainerStart, loaded.ContainerStart);
    }

    [Fact]
    public void Save_EvenVideo_TakesAboutAByteAFrame()
    {
        using TemporaryFolder folder = new();
        long[] pts = [.. Enumerable.Range(0, 100_000).Select(i => 1_001L * i)];
        new FrameTable(new Rational(1, 30_000), pts, [0], 0).Save(folder.File("table"));
        Assert.InRange(new FileInfo(folder.File("table")).Length, 100_000, 100_200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(-1)]
    public void Load_AnyByteChanged_IsRefused(int position)
    {
        using TemporaryFolder folder = new();
        new FrameTable(Tick, [0, 1, 2, 3], [0], 0).Save(folder.File("table"));
        byte[] bytes = File.ReadAllBytes(folder.File("table"));
        bytes[position < 0 ? bytes.Length + position : position] ^= 1;
        File.WriteAllBytes(folder.File("table"), bytes);

        StorageException refused = Assert.Throws<StorageException>(() => FrameTable.Load(folder.File("table")));

        Assert.Equal("frame-table-damaged", refused.Code);
    }

    [Fact]
    public void Load_CutFile_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("table"), [1, 2, 3]);
        Assert.Throws<StorageException>(() => FrameTable.Load(folder.File("table")));
    }
}
