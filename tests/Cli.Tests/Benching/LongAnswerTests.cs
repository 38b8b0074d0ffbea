using FaceFusion.Batch.Cli.Benching;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Benching;

public sealed class LongAnswerTests
{
    /// <summary>Ten frames a second for 40 s, then ten seconds in which the result is joined.</summary>
    [Fact]
    public void Of_SecondsAfterTheLastFrame_AreNotOfTheRate()
    {
        LongAnswer answer = LongAnswer.Of("frames", 400, Looks(seconds: 50, second => Math.Min(10 * second, 400)));

        Assert.Equal((10, 10), (answer.RateThen, answer.RateNow));
        Assert.Equal(50, answer.Seconds);
        Assert.Equal(150, answer.Now.Mebibytes);
    }

    [Fact]
    public void Of_RunThatStandsStill_SaysSo()
    {
        LongAnswer answer = LongAnswer.Of("frames", 1000, Looks(seconds: 40, second => Math.Min(10 * second, 250)));

        Assert.Equal((10, 0), (answer.RateThen, answer.RateNow));
    }

    private static LongLook[] Looks(int seconds, Func<int, int> done) =>
        [.. Enumerable.Range(0, seconds + 1).Select(s => new LongLook(s, done(s), 100 + s, 1, 1, 1))];
}
