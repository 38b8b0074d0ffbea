using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Cuts the upright picture of a face for the contact sheet, and says how well it can be recognised.</summary>
internal sealed class FaceTile
{
    /// <summary>Edge of a tile in pixels.</summary>
    public const int Size = 168;

    private const float Growth = 1.7f;

    /// <summary>Box size in frame pixels above which a face is large enough.</summary>
    private const float LargeEnough = 90;

    /// <summary>Mean absolute Laplacian (0 to 255) at which a face counts as half sharp.</summary>
    private const float HalfSharp = 4;

    private readonly float[] _rgb = new float[3 * Size * Size];

    /// <summary>Samples the face; the other members speak of it until the next call.</summary>
    public void Cut(Frame frame, in FaceBox box)
    {
        AffineMatrix toFrame = AffineMatrix.CropToFrame(box.CenterX, box.CenterY, Growth * box.Size, box.Angle, Size);
        CropSampler.ToRgb(frame, toFrame, Size, Size, 1, 0, _rgb);
    }

    public byte[] ToRgb24()
    {
        const int Plane = Size * Size;
        byte[] bytes = new byte[3 * Plane];
        for (int i = 0; i < Plane; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                bytes[(3 * i) + k] = (byte)Math.Clamp(_rgb[(k * Plane) + i] + 0.5f, 0, 255);
            }
        }

        return bytes;
    }

    /// <summary>0 to 1.</summary>
    public float Quality(in FaceBox box, float yaw, float pitch)
    {
        float frontal = MathF.Cos(Radians(yaw)) * MathF.Cos(Radians(pitch));
        float size = MathF.Min(1, box.Size / LargeEnough);
        float sharp = Sharpness();
        return MathF.Max(0, frontal * frontal) * size * (sharp / (sharp + HalfSharp));
    }

    /// <summary>Mean absolute Laplacian of green over the middle of the tile.</summary>
    private float Sharpness()
    {
        const int From = Size / 4;
        const int To = Size * 3 / 4;
        ReadOnlySpan<float> green = _rgb.AsSpan(Size * Size, Size * Size);
        float sum = 0;
        for (int y = From; y < To; y++)
        {
            for (int x = From; x < To; x++)
            {
                int at = (y * Size) + x;
                sum += MathF.Abs((4 * green[at]) - green[at - 1] - green[at + 1] - green[at - Size] - green[at + Size]);
            }
        }

        return sum / ((To - From) * (To - From));
    }

    private static float Radians(float degrees) => Math.Clamp(degrees, -90, 90) * MathF.PI / 180;
}
