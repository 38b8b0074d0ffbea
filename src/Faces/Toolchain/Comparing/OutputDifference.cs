namespace FaceFusion.Batch.Faces.Toolchain.Comparing;

/// <summary>How far one output of two models differs, over all samples.</summary>
/// <param name="Output">Its name.</param>
/// <param name="L1">Mean of |a − b|.</param>
/// <param name="RelativeL2">
/// ‖a − b‖ / ‖a‖, of which ‖a‖ counts as 1e-6 for each value where it is less: nothing is lost of a zero. Infinite where one of the two
/// has no number.
/// </param>
/// <param name="MaxError">Largest |a − b|.</param>
/// <param name="Cosine">a · b / (‖a‖ ‖b‖).</param>
public sealed record OutputDifference(string Output, double L1, double RelativeL2, double MaxError, double Cosine);

/// <summary>Sums up <see cref="OutputDifference"/> over samples.</summary>
internal sealed class DifferenceSum
{
    private double _absolute;
    private double _squares;
    private double _most;
    private double _product;
    private double _first;
    private double _second;
    private long _count;
    private bool _isBroken;

    /// <summary>Values of one sample; of different length, the two are no longer comparable and the difference is infinite.</summary>
    public void Add(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
        {
            _isBroken = true;
            return;
        }

        for (int i = 0; i < first.Length; i++)
        {
            double a = first[i];
            double b = second[i];
            if (!double.IsFinite(a) || !double.IsFinite(b))
            {
                // The same infinity on both sides is no difference.
                _isBroken |= !a.Equals(b);
                continue;
            }

            double difference = Math.Abs(a - b);
            _absolute += difference;
            _squares += difference * difference;
            _most = Math.Max(_most, difference);
            _product += a * b;
            _first += a * a;
            _second += b * b;
        }

        _count += first.Length;
    }

    public OutputDifference ToDifference(string output)
    {
        double floor = 1e-6 * Math.Sqrt(_count);
        double lengths = Math.Sqrt(_first) * Math.Sqrt(_second);
        bool isEqual = !_isBroken && _squares == 0;
        return new OutputDifference(
            output,
            _isBroken ? double.PositiveInfinity : _absolute / Math.Max(1, _count),
            isEqual ? 0
                : _isBroken ? double.PositiveInfinity
                : Math.Sqrt(_squares) / Math.Max(Math.Sqrt(_first), floor),
            _isBroken ? double.PositiveInfinity : _most,
            isEqual ? 1
                : _isBroken || lengths == 0 ? 0
                : _product / lengths
        );
    }
}
