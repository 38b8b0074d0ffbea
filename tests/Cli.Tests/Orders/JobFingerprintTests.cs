using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Recipes;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Orders;

public sealed class JobFingerprintTests
{
    private static readonly Recipe Swap = new() { Processors = [new SwapStep()] };

    [Fact]
    public void Of_TheSameOrder_IsTheSameJob() => Assert.Equal(Of(), Of());

    [Fact]
    public void Of_AnyDifference_IsAnotherJob()
    {
        Guid[] ids =
        [
            Of(),
            Of(kind: "scan"),
            Of(target: "t2"),
            Of(photo: "p2"),
            Of(name: "person-1"),
            Of(recipe: Swap with { Encode = new EncodeSettings { Crf = 20 } }),
            Of(chunkFrames: 37),
            Of(version: "v2"),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Of_AnyOrder_IsAVersion8Uuid()
    {
        Assert.Equal(8, Of().Version);
        Assert.InRange(Of().Variant, 8, 11);
    }

    private static Guid Of(
        string kind = "fuse",
        string target = "t",
        string name = "source",
        string photo = "p",
        Recipe? recipe = null,
        int? chunkFrames = null,
        string version = "v"
    ) => JobFingerprint.Of(kind, target, [(name, photo)], recipe ?? Swap, chunkFrames, version);
}
