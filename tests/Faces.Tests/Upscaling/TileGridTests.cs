using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Patches;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Upscaling;

public sealed class TileGridTests
{
    /// <summary>Tiles per frame as FaceFusion makes them.</summary>
    [Theory]
    [InlineData(128, 8, 4, 170, 77)]
    [InlineData(256, 16, 8, 45, 24)]
    [InlineData(64, 4, 2, 627, 286)]
    [InlineData(1024, 64, 32, 6, 2)]
    public void Count_FullHdAndHd_AreAsMeasured(int size, int pad, int overlap, int fullHd, int hd)
    {
        ModelTiles tiles = new(size, pad, overlap, 4);
        Assert.Equal(fullHd, new TileGrid(tiles, 1920, 1080).Count);
        Assert.Equal(hd, new TileGrid(tiles, 1280, 720).Count);
    }

    [Fact]
    public void Kept_AllTiles_CoverEachPixelOnceWithinTheirWindows()
    {
        ModelTiles tiles = new(16, 3, 2, 2);
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(1, 1), (9, 9), (21, 33), (61, 45), (64, 10)])
        {
            TileGrid grid = new(tiles, width, height);
            int[] times = new int[width * height];
            for (int i = 0; i < grid.Count; i++)
            {
                PixelRect kept = grid.Kept(i);
                PixelRect window = grid.Window(i);
                Assert.False(kept.IsEmpty);
                Assert.True(kept.X >= window.X + 2 && kept.Right <= window.Right - 2);
                Assert.True(kept.Y >= window.Y + 2 && kept.Bottom <= window.Bottom - 2);
                for (int at = 0; at < kept.Area; at++)
                {
                    times[((kept.Y + (at / kept.Width)) * width) + kept.X + (at % kept.Width)]++;
                }
            }

            Assert.All(times, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void TileGrid_OverlapThatLeavesNothing_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TileGrid(new ModelTiles(16, 3, 8, 2), 100, 100));
}
