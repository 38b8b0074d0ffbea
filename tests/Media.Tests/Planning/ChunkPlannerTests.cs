using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Media.Tests.Planning;

public sealed class ChunkPlannerTests
{
    [Fact]
    public void Plan_AnyLength_CoversEveryFrameOnce()
    {
        for (int frames = 1; frames < 400; frames += 7)
        {
            for (int chunk = 1; chunk < 200; chunk += 13)
            {
                IReadOnlyList<FrameRange> plan = ChunkPlanner.Plan(frames, chunk);
                Assert.Equal(0, plan[0].Start);
                Assert.Equal(frames, plan[^1].End);
                Assert.All(plan, range => Assert.InRange(range.Length, 1, chunk + (chunk / 4)));
                Assert.All(plan.Skip(1).Zip(plan), pair => Assert.Equal(pair.Second.End, pair.First.Start));
            }
        }
    }

    [Fact]
    public void Plan_TinyRemainder_JoinsTheChunkBefore() =>
        Assert.Equal([new FrameRange(0, 300), new FrameRange(300, 660)], ChunkPlanner.Plan(660, 300));

    [Fact]
    public void Plan_LargeRemainder_IsAChunk() =>
        Assert.Equal([new FrameRange(0, 300), new FrameRange(300, 400)], ChunkPlanner.Plan(400, 300));
}
