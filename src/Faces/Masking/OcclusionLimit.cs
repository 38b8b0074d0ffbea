using System.Numerics.Tensors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>An <see cref="OcclusionMask"/> as a <see cref="MaskLimit"/>: cuts its picture out of the frame itself. One per thread.</summary>
public sealed class OcclusionLimit : IDisposable
{
    private readonly OcclusionMask _occlusion;
    private readonly float[] _rgb;
    private readonly float[] _visible;
    private readonly int _size;

    /// <param name="occluder">As of <see cref="OcclusionMask"/>.</param>
    /// <param name="size">Edge of the crops that are limited, in pixels.</param>
    public OcclusionLimit(ModelSessions sessions, string occluder, int size)
    {
        _occlusion = new OcclusionMask(sessions, occluder, size);
        _size = size;
        _rgb = new float[3 * size * size];
        _visible = new float[size * size];
    }

    /// <summary>A <see cref="MaskLimit"/>.</summary>
    /// <exception cref="ArgumentException">The crop has another size.</exception>
    public void Lower(Frame frame, in AffineMatrix cropToFrame, int size, Span<float> mask)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(size, _size);
        CropSampler.ToRgb(frame, cropToFrame, size, size, 1, 0, _rgb, CropBorder.Replicate, CropTaps.Single);
        _occlusion.Fill(_rgb, _visible);
        TensorPrimitives.Min(mask, _visible, mask);
    }

    public void Dispose() => _occlusion.Dispose();
}
