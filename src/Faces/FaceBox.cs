using System.Numerics;

namespace FaceFusion.Batch.Faces;

/// <summary>
/// Where the detector saw a face: an axis-parallel box in pixels of the unrotated frame, and six points on the face.
/// "Right" and "left" are the person's own.
/// </summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Angle">Radians by which the line of the eyes is turned clockwise.</param>
public readonly record struct FaceBox(float X, float Y, float Width, float Height, float Score, float Angle)
{
    public Vector2 RightEye { get; init; }

    public Vector2 LeftEye { get; init; }

    public Vector2 Nose { get; init; }

    public Vector2 Mouth { get; init; }

    public Vector2 RightEar { get; init; }

    public Vector2 LeftEar { get; init; }

    public float CenterX => X + (Width * 0.5f);

    public float CenterY => Y + (Height * 0.5f);

    /// <summary>Longer edge in pixels.</summary>
    public float Size => MathF.Max(Width, Height);

    /// <summary>Shared area over united area, 0 to 1.</summary>
    public static float Overlap(in FaceBox a, in FaceBox b)
    {
        float shared = SharedArea(a, b);
        float united = (a.Width * a.Height) + (b.Width * b.Height) - shared;
        return united <= 0 ? 0 : shared / united;
    }

    /// <summary>Shared area over the smaller box's area, 0 to 1: 1 where one box lies inside the other.</summary>
    public static float Containment(in FaceBox a, in FaceBox b)
    {
        float smaller = MathF.Min(a.Width * a.Height, b.Width * b.Height);
        return smaller <= 0 ? 0 : SharedArea(a, b) / smaller;
    }

    /// <summary>The box at <paramref name="t"/> (0 to 1) on the straight way from <paramref name="a"/> to <paramref name="b"/>.</summary>
    public static FaceBox Lerp(in FaceBox a, in FaceBox b, float t) =>
        new(
            float.Lerp(a.X, b.X, t),
            float.Lerp(a.Y, b.Y, t),
            float.Lerp(a.Width, b.Width, t),
            float.Lerp(a.Height, b.Height, t),
            float.Lerp(a.Score, b.Score, t),
            a.Angle + (t * MathF.IEEERemainder(b.Angle - a.Angle, 2 * MathF.PI))
        )
        {
            RightEye = Vector2.Lerp(a.RightEye, b.RightEye, t),
            LeftEye = Vector2.Lerp(a.LeftEye, b.LeftEye, t),
            Nose = Vector2.Lerp(a.Nose, b.Nose, t),
            Mouth = Vector2.Lerp(a.Mouth, b.Mouth, t),
            RightEar = Vector2.Lerp(a.RightEar, b.RightEar, t),
            LeftEar = Vector2.Lerp(a.LeftEar, b.LeftEar, t),
        };

    private static float SharedArea(in FaceBox a, in FaceBox b)
    {
        float width = MathF.Min(a.X + a.Width, b.X + b.Width) - MathF.Max(a.X, b.X);
        float height = MathF.Min(a.Y + a.Height, b.Y + b.Height) - MathF.Max(a.Y, b.Y);
        return width <= 0 || height <= 0 ? 0 : width * height;
    }
}
