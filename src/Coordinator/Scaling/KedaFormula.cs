namespace FaceFusion.Batch.Coordinator.Scaling;

/// <summary>
/// How many workers a cluster would run for the work owed: KEDA hands the figure to the Horizontal Pod Autoscaler, which divides it by
/// the target of one replica (type <c>AverageValue</c>), rounds up, and leaves things as they are within its tolerance.
/// </summary>
public static class KedaFormula
{
    /// <summary>The autoscaler's own default: a ratio this near to one changes nothing.</summary>
    public const double Tolerance = 0.1;

    /// <param name="owedSeconds">Seconds of work owed; 0 or less is none.</param>
    /// <param name="secondsPerWorker">Owed seconds that justify one worker, more than 0.</param>
    /// <param name="current">Workers now.</param>
    /// <param name="least">Never fewer.</param>
    /// <param name="most">Never more.</param>
    public static int Desired(double owedSeconds, double secondsPerWorker, int current, int least, int most)
    {
        if (owedSeconds <= 0)
        {
            return least;
        }

        // From zero, KEDA itself starts the first one; the autoscaler takes over from there.
        bool isNear = current > 0 && Math.Abs((owedSeconds / (current * secondsPerWorker)) - 1) <= Tolerance;
        double wanted = isNear ? current : Math.Ceiling(owedSeconds / secondsPerWorker);
        return (int)Math.Clamp(wanted, Math.Max(1, least), Math.Max(1, most));
    }
}
