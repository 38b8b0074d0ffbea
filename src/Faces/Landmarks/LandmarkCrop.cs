using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The upright crop of 256x256 in which FaceFusion's landmark networks look: the box's longer edge becomes 195 pixels, its middle the
/// crop's, and the crop is turned counter-clockwise by the face's right angle. One per thread.
/// </summary>
internal sealed class LandmarkCrop
{
    public const int Size = 256;
    private const float BoxSize = 195;
    private const int Plane = Size * Size;

    private readonly float[] _rgb = new float[3 * Plane];
    private readonly byte[] _planes = new byte[3 * Plane];
    private readonly DarkCrop _dark = new(Size);
    private AffineMatrix _cropToFrame;

    /// <summary>Planes B, G, R of the last crop, in the range 0 to 255.</summary>
    public ReadOnlySpan<byte> Bgr => _planes;

    /// <param name="angle">Degrees by which the face is turned clockwise: 0, 90, 180 or 270.</param>
    public void Fill(Frame frame, in FaceBox box, int angle)
    {
        _cropToFrame = CropToFrame(box, angle);
        CropSampler.ToRgb(frame, _cropToFrame, Size, Size, 1, 0, _rgb, taps: CropTaps.Single);
        ReadOnlySpan<float> rgb = _rgb;
        for (int plane = 0; plane < 3; plane++)
        {
            ReadOnlySpan<float> from = rgb.Slice((2 - plane) * Plane, Plane);
            Span<byte> to = _planes.AsSpan(plane * Plane, Plane);
            for (int i = 0; i < Plane; i++)
            {
                to[i] = (byte)(from[i] + 0.5f);
            }
        }

        _dark.Lighten(_planes);
    }

    /// <summary>Takes points of the crop to the frame, in place.</summary>
    public void ToFrame(Span<float> xy)
    {
        for (int i = 0; i < xy.Length; i += 2)
        {
            (xy[i], xy[i + 1]) = _cropToFrame.Apply(xy[i], xy[i + 1]);
        }
    }

    /// <summary>From the upright crop's pixels to the frame's.</summary>
    internal static AffineMatrix CropToFrame(in FaceBox box, int angle)
    {
        float scale = BoxSize / MathF.Max(1, box.Size);
        float x = (Size - (((2 * box.X) + box.Width) * scale)) / 2;
        float y = (Size - (((2 * box.Y) + box.Height) * scale)) / 2;
        AffineMatrix unturnedToFrame = new(1 / scale, 0, -x / scale, 0, 1 / scale, -y / scale);
        return unturnedToFrame.After(RightAngle.Undo(angle, Size, Size));
    }
}
