using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>Turning a picture by a right angle: every pixel lands on a pixel, none is lost.</summary>
internal static class RightAngle
{
    /// <summary>From the picture that was turned counter-clockwise by <paramref name="angle"/> degrees to the picture itself.</summary>
    /// <param name="angle">0, 90, 180 or 270.</param>
    /// <param name="width">Of the picture itself.</param>
    /// <param name="height">Of the picture itself.</param>
    public static AffineMatrix Undo(int angle, int width, int height) =>
        angle switch
        {
            90 => new AffineMatrix(0, -1, width - 1, 1, 0, 0),
            180 => new AffineMatrix(-1, 0, width - 1, 0, -1, height - 1),
            270 => new AffineMatrix(0, 1, 0, -1, 0, height - 1),
            _ => AffineMatrix.Identity,
        };

    /// <summary>Degrees, 0 or more and less than 360.</summary>
    public static int Normalise(int angle) => ((angle % 360) + 360) % 360;

    /// <summary>The right angle nearest to an angle in degrees, the smaller of two that are as near; 360 is 0.</summary>
    public static int Nearest(float degrees)
    {
        float turned = degrees % 360;
        turned += turned < 0 ? 360 : 0;
        return (int)MathF.Ceiling((turned / 90) - 0.5f) * 90 % 360;
    }
}
