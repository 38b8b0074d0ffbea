namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>
/// Random draws that are the same everywhere for the same seed: SplitMix64 (Steele, Lea and Flood, 2014), and the usual ways from it to
/// normal, log-normal and exponential draws.
/// </summary>
public sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0, below 1.</summary>
    public double Uniform()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>A factor above 0 whose mean is 1.</summary>
    /// <param name="spread">Its coefficient of variation.</param>
    public double Factor(double spread)
    {
        if (spread <= 0)
        {
            return 1;
        }

        double variance = Math.Log(1 + (spread * spread));
        return Math.Exp((Math.Sqrt(variance) * Normal()) - (variance / 2));
    }
}
