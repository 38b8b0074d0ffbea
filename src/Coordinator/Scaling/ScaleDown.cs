namespace FaceFusion.Batch.Coordinator.Scaling;

/// <summary>
/// What keeps a fleet from following every dip: fewer workers only if no figure within the window asked for more, and none at all only
/// after the cooldown.
/// </summary>
/// <param name="windowSeconds">The autoscaler's stabilisation window for scaling down; its default is 300.</param>
/// <param name="cooldownSeconds">KEDA's cooldown from one to zero; its default is 300.</param>
public sealed class ScaleDown(double windowSeconds, double cooldownSeconds)
{
    private readonly Queue<(double At, int Desired)> _seen = [];
    private double _lastOwed = double.NegativeInfinity;

    /// <param name="now">Seconds on a clock that only goes forward.</param>
    /// <param name="desired">What <see cref="KedaFormula"/> says.</param>
    /// <param name="current">Workers now.</param>
    /// <returns>Workers to run from now on.</returns>
    public int Settle(double now, int desired, int current)
    {
        _lastOwed = desired > 0 ? now : _lastOwed;
        _seen.Enqueue((now, desired));
        while (_seen.Peek().At < now - windowSeconds)
        {
            _ = _seen.Dequeue();
        }

        if (desired >= current)
        {
            return desired;
        }

        int highest = _seen.Max(seen => seen.Desired);
        int least = now - _lastOwed < cooldownSeconds ? Math.Min(1, current) : 0;
        return Math.Max(least, Math.Min(current, highest));
    }
}
