using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.Worker.Consumers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Consumers;

public sealed class ProgressReporterTests
{
    [Fact]
    public async Task Report_SendsTheNewestAtMostOnceASecond_AndBeatsWhenNothingMoves()
    {
        ManualTimeProvider clock = new();
        List<int> sent = [];
        await using (ProgressReporter reporter = New(clock, sent))
        {
            await SettleAsync(() => sent.Count == 1);
            for (int frame = 1; frame <= 100; frame++)
            {
                reporter.Report(frame);
            }

            Assert.Equal([0], sent);
            clock.Advance(TimeSpan.FromSeconds(1));
            await SettleAsync(() => sent.Count == 2);
            Assert.Equal([0, 100], sent);
            for (int second = 0; second < 4; second++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(20);
            }

            Assert.Equal([0, 100], sent);
            clock.Advance(TimeSpan.FromSeconds(1));
            await SettleAsync(() => sent.Count == 3);
        }

        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([0, 100, 100], sent);
    }

    [Fact]
    public async Task Send_ThatFails_IsTriedAgain()
    {
        ManualTimeProvider clock = new();
        int tries = 0;
        await using ProgressReporter reporter = new(
            _ => tries++ == 0 ? throw new InvalidOperationException("No bus.") : Task.CompletedTask,
            TimeSpan.FromSeconds(5),
            clock,
            NullLogger.Instance
        );

        clock.Advance(TimeSpan.FromSeconds(1));

        await SettleAsync(() => tries == 2);
    }

    private static ProgressReporter New(ManualTimeProvider clock, List<int> sent) =>
        new(
            frames =>
            {
                sent.Add(frames);
                return Task.CompletedTask;
            },
            TimeSpan.FromSeconds(5),
            clock,
            NullLogger.Instance
        );

    private static async Task SettleAsync(Func<bool> holds)
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(10));
        while (!holds())
        {
            Assert.False(over.IsCancellationRequested);
            await Task.Delay(5);
        }
    }
}
