using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Media.Tests.Planning;

public sealed class ChunkLengthTests
{
    [Theory]
    [InlineData(1, 2, 48)]
    [InlineData(60, 4, 48)]
    [InlineData(300, 2, 150)]
    [InlineData(700, 2, 350)]
    [InlineData(6000, 2, 429)]
    [InlineData(6000, 0, 462)]
    public void Choose_GivesEverySlotTheSameNumberOfChunks(int frames, int slots, int length) =>
        Assert.Equal(length, ChunkLength.Choose(frames, slots));

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
        for (int frames = 200; frames < 5000; frames += 37)
        {
            int chunks = ChunkPlanner.Plan(frames, ChunkLength.Choose(frames, 4)).Count;
            Assert.Equal(0, chunks % 4);
        }
    }
}
