using FaceFusion.Batch.Coordinator.Webhooks;

namespace FaceFusion.Batch.Coordinator.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(0, 23.9, 24)]
    [InlineData(1, 19, 19.2)]
    public void After_OfEachAttempt_GrowsAndFillsADay(double chance, double leastHours, double mostHours)
    {
        List<TimeSpan> pauses =
        [
            .. Enumerable.Range(1, RetrySchedule.Attempts - 1).Select(n => RetrySchedule.After(n, null, chance)!.Value),
        ];

        Assert.Equal(9, pauses.Count);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(9, pauses.Distinct().Count());
        Assert.InRange(pauses.Sum(p => p.TotalHours), leastHours, mostHours);
        Assert.Null(RetrySchedule.After(RetrySchedule.Attempts, null, chance));
    }

    [Theory]
    [InlineData(1, 30, 30)]
    [InlineData(1, 2, 5)]
    [InlineData(1, -5, 5)]
    [InlineData(1, 1_000_000, 3600)]
    [InlineData(6, 1_000_000, 7200)]
    public void After_WhereTheReceiverAsks_IsTheLongerUpToAnHour(int attempt, double asked, double expected) =>
        Assert.Equal(
            TimeSpan.FromSeconds(expected),
            RetrySchedule.After(attempt, TimeSpan.FromSeconds(asked), chance: 0)
        );
}
