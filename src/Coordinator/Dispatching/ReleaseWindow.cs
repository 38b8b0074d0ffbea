namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>How many chunks may be in flight: released or running.</summary>
public static class ReleaseWindow
{
    /// <summary>One that a slot works on, and one that waits for it in the broker.</summary>
    public const int PerSlot = 2;

    /// <param name="slots">Slots alive.</param>
    /// <param name="inFlight">Chunks in flight.</param>
    /// <param name="perSlot">Places for each slot; may be a fraction, to try what another window would do.</param>
    /// <returns>Chunks that may be released now; negative after slots have gone.</returns>
    public static int Free(int slots, int inFlight, double perSlot = PerSlot) =>
        (int)Math.Ceiling(perSlot * slots) - inFlight;
}
