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
