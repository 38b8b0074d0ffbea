using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Color;

/// <summary>
/// The numbers of one non-constant-luminance matrix in full-range space (y and RGB 0..255, cb and cr around 0):
/// <c>y = Kr·R + Kg·G + Kb·B</c>, <c>cb = (B − y) / (2 − 2·Kb)</c>, <c>cr = (R − y) / (2 − 2·Kr)</c> (ITU-R BT.601, BT.709, BT.2020).
/// </summary>
public readonly record struct YuvCoefficients(float Kr, float Kb)
{
    public float Kg => 1 - Kr - Kb;

    /// <summary>R gains this per unit of cr.</summary>
    public float RedPerCr => 2 - (2 * Kr);

    /// <summary>B gains this per unit of cb.</summary>
    public float BluePerCb => 2 - (2 * Kb);

    /// <summary>G gains this (a negative number) per unit of cb.</summary>
    public float GreenPerCb => -BluePerCb * Kb / Kg;

    /// <summary>G gains this (a negative number) per unit of cr.</summary>
    public float GreenPerCr => -RedPerCr * Kr / Kg;

    public static YuvCoefficients Of(YuvMatrix matrix) =>
        matrix switch
        {
            YuvMatrix.Bt601 => new(0.299f, 0.114f),
            YuvMatrix.Bt709 => new(0.2126f, 0.0722f),
            YuvMatrix.Bt2020 => new(0.2627f, 0.0593f),
            _ => throw new ArgumentOutOfRangeException(nameof(matrix)),
        };
}
