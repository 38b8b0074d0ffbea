namespace FaceFusion.Batch.Contracts.Values;

/// <summary>An exact fraction, as ffprobe prints time bases, frame rates and aspect ratios.</summary>
public readonly record struct Rational(int Num, int Den)
{
    public double ToDouble() => Den == 0 ? 0 : (double)Num / Den;

    public override string ToString() => $"{Num}/{Den}";
}
