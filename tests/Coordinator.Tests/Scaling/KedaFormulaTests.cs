using FaceFusion.Batch.Coordinator.Scaling;

namespace FaceFusion.Batch.Coordinator.Tests.Scaling;

public sealed class KedaFormulaTests
{
    [Theory]
    [InlineData(0, 7, 0, 100, 0)]
    [InlineData(0, 7, 2, 100, 2)]
    [InlineData(1, 0, 0, 100, 1)]
    [InlineData(601, 0, 0, 100, 6)]
    [InlineData(1000, 9, 0, 100, 9)]
    [InlineData(1000, 8, 0, 100, 8)]
    [InlineData(1000, 12, 0, 100, 9)]
    [InlineData(1e9, 1, 0, 100, 100)]
    public void Desired_IsOwedByTarget_RoundedUp_WithinToleranceAndLimits(
        double owed,
        int current,
        int least,
        int most,
        int desired
    ) => Assert.Equal(desired, KedaFormula.Desired(owed, 119, current, least, most));

    [Fact]
    public void Settle_FollowsUpAtOnce_AndDownAfterTheWindow()
    {
        ScaleDown down = new(windowSeconds: 300, cooldownSeconds: 600);

        Assert.Equal(10, down.Settle(0, 10, 0));
        Assert.Equal(10, down.Settle(60, 4, 10));
        Assert.Equal(12, down.Settle(120, 12, 10));
        Assert.Equal(12, down.Settle(400, 3, 12));
        Assert.Equal(3, down.Settle(430, 2, 12));
        Assert.Equal(1, down.Settle(800, 0, 3));
        Assert.Equal(1, down.Settle(1000, 0, 1));
        Assert.Equal(0, down.Settle(1100, 0, 1));
    }
}
