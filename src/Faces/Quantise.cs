namespace FaceFusion.Batch.Faces;

/// <summary>Steps to which everything that was found is rounded, so that a sidecar can hold it exactly.</summary>
internal static class Quantise
{
    /// <summary>Steps in a pixel, for places in the frame.</summary>
    public const float PixelSteps = 64;

    /// <summary>Steps in 1, for scores, angles and embeddings.</summary>
    public const float UnitSteps = 16384;

    public static float Pixels(float value) => MathF.Round(value * PixelSteps) / PixelSteps;

    public static float Unit(float value) => MathF.Round(value * UnitSteps) / UnitSteps;
}
