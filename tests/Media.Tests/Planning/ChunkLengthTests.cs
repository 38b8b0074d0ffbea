using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Media.Tests.Planning;

public sealed class ChunkLengthTests
{
    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(60, 4, 60)]
    [InlineData(300, 2, 300)]
    [InlineData(700, 2, 350)]
    [InlineData(700, 9, 350)]
    [InlineData(6000, 2, 429)]
    [InlineData(6000, 0, 462)]
    public void Choose_GivesEverySlotTheSameNumberOfChunks(int frames, int slots, int length) =>
        Assert.Equal(length, ChunkLength.Choose(frames, slots));

    /// <summary>A frame of seconds is worth a slot of its own sooner than one of milliseconds.</summary>
    [Theory]
    [InlineData(0.01, 300)]
    [InlineData(0.2, 100)]
    [InlineData(3, 60)]
    public void Choose_SlowFrames_AreSpreadOverMoreSlots(double secondsPerFrame, int length) =>
        Assert.Equal(length, ChunkLength.Choose(300, 5, secondsPerFrame));

    /// <summary>Slow slots keep the usual length, fast ones get what they do in three quarters of a minute, and four times the usual at most.</summary>
    [Theory]
    [InlineData(0.5, 480)]
    [InlineData(0.09375, 480)]
    [InlineData(0.04, 1125)]
    [InlineData(0.001, 1920)]
    public void Choose_BySpeed_GivesFastSlotsLongerChunks(double secondsPerFrame, int longest)
    {
        int length = ChunkLength.Choose(1_000_000, 4, secondsPerFrame);
        Assert.InRange(length, longest - (longest / 50), longest);
    }

    [Fact]
    public void Choose_ForLongVideos_NeverLeavesASlotWithoutWork()
    {
        for (int frames = 4 * ChunkLength.Short; frames < 5000; frames += 37)
        {
            int chunks = ChunkPlanner.Plan(frames, ChunkLength.Choose(frames, 4)).Count;
            Assert.Equal(0, chunks % 4);
        }
    }
}
