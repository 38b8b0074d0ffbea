namespace FaceFusion.Batch.Coordinator.Observing;

/// <summary>What a frame takes a slot, smoothed over the last chunks.</summary>
public static class SlotSpeed
{
    /// <summary>Seconds per frame before the first chunk.</summary>
    public const double Guess = 0.02;

    /// <summary>Weight of the newest chunk.</summary>
    private const double Newest = 0.05;

    /// <param name="before">Seconds per frame so far.</param>
    /// <param name="seconds">What the newest chunk took.</param>
    /// <param name="frames">Frames in it.</param>
    /// <returns>Seconds per frame.</returns>
    public static double After(double before, double seconds, int frames) =>
        before + (Newest * ((seconds / Math.Max(1, frames)) - before));
}
