using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Tests.Support;

namespace FaceFusion.Batch.Coordinator.Tests.Submitting;

public sealed class JobBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Enter_OneDraftManyTimesAtOnce_MakesOneJob(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        JobBook book = desk.Get<JobBook>();
        for (int round = 0; round < 8; round++)
        {
            JobDraft draft = new()
            {
                Id = Guid.NewGuid(),
                TenantId = "acme",
                TargetLabel = "clip.mp4",
                TargetSha256 = new string('a', 64),
                Sources = [],
                Recipe = new Recipe { Processors = [new DebugStep()] },
            };

            bool[] made = await Task.WhenAll(
                Enumerable.Range(0, 12).Select(_ => Task.Run(() => book.EnterAsync(draft, CancellationToken.None)))
            );

            Assert.Equal(1, made.Count(isMade => isMade));
        }
    }
}
