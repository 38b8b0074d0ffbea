using System.Numerics.Tensors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>Fills a network's planar input (3 × height × width) from a frame in the order of channels and the range that its card names.</summary>
internal sealed class PictureInput(ModelInput card)
{
    /// <summary>The crop, by one bilinear tap a pixel (see <see cref="CropTaps.Single"/>); black outside of the frame.</summary>
    public void Fill(Frame frame, in AffineMatrix cropToFrame, int width, int height, Span<float> planes)
    {
        PerChannel std = card.Std;
        PerChannel mean = card.Mean;
        bool isUniform = std.R == std.G && std.G == std.B && mean.R == mean.G && mean.G == mean.B;
        float scale = isUniform ? 1 / std.R : 1;
        float offset = isUniform ? -mean.R / std.R : 0;
        CropSampler.ToRgb(frame, cropToFrame, width, height, scale, offset, planes, taps: CropTaps.Single);
        int plane = width * height;
        if (!isUniform)
        {
            Normalise(planes[..plane], mean.R, std.R);
            Normalise(planes.Slice(plane, plane), mean.G, std.G);
            Normalise(planes.Slice(2 * plane, plane), mean.B, std.B);
        }

        if (card.Channels == "bgr")
        {
            Exchange(planes[..plane], planes.Slice(2 * plane, plane));
        }
    }

    private static void Normalise(Span<float> plane, float mean, float std)
    {
        TensorPrimitives.Subtract(plane, mean, plane);
        TensorPrimitives.Multiply(plane, 1 / std, plane);
    }

    private static void Exchange(Span<float> a, Span<float> b)
    {
        Span<float> some = stackalloc float[256];
        for (int at = 0; at < a.Length; at += some.Length)
        {
            int count = Math.Min(some.Length, a.Length - at);
            Span<float> ofA = a.Slice(at, count);
            Span<float> ofB = b.Slice(at, count);
            ofA.CopyTo(some);
            ofB.CopyTo(ofA);
            some[..count].CopyTo(ofB);
        }
    }
}
