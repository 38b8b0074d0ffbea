namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>The machine's clock, wrong by what <see cref="FaultSwitch"/> says. Timers run as ever.</summary>
internal sealed class SkewedClock(FaultSwitch faults) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + faults.Skew;

    public override long GetTimestamp() => System.GetTimestamp();
}
