using System.Numerics;

namespace FaceFusion.Batch.Faces;

/// <summary>Steps to which everything that was found is rounded, so that a sidecar can hold it exactly.</summary>
internal static class Quantise
{
    /// <summary>Steps in a pixel, for places in the frame.</summary>
    public const float PixelSteps = 64;

    /// <summary>Steps in 1, for scores, angles and embeddings.</summary>
    public const float UnitSteps = 16384;

    public static float Pixels(float value) => Steps(value, PixelSteps);

    public static float Unit(float value) => Steps(value, UnitSteps);

    public static FaceBox Box(in FaceBox box) =>
        new(Pixels(box.X), Pixels(box.Y), Pixels(box.Width), Pixels(box.Height), Unit(box.Score), Unit(box.Angle))
        {
            RightEye = Pixels(box.RightEye),
            LeftEye = Pixels(box.LeftEye),
            Nose = Pixels(box.Nose),
            Mouth = Pixels(box.Mouth),
            RightEar = Pixels(box.RightEar),
            LeftEar = Pixels(box.LeftEar),
        };

    /// <summary>Adding zero turns -0 into 0, which whole numbers cannot tell apart.</summary>
    private static float Steps(float value, float steps) => (MathF.Round(value * steps) / steps) + 0f;

    private static Vector2 Pixels(Vector2 point) => new(Pixels(point.X), Pixels(point.Y));
}
