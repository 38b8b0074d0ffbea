using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// An <see cref="OcclusionMask"/> as a <see cref="MaskLimit"/>: cuts its picture out of the frame itself. For crops of one size, which the
/// first one tells, as some models alone know it. One per thread; allocates nothing after the first crop.
/// </summary>
public sealed class OcclusionLimit : IDisposable
{
    private readonly ModelSessions _sessions;
    private readonly string _occluder;
    private OcclusionMask? _occlusion;
    private float[] _rgb = [];
    private float[] _visible = [];
    private int _size;

    /// <param name="occluder">As of <see cref="OcclusionMask"/>.</param>
    /// <exception cref="ModelException"><c>model-unknown</c>: the catalogue has none of that id.</exception>
    public OcclusionLimit(ModelSessions sessions, string occluder)
    {
        _ = OcclusionMask.CardsOf(sessions.Catalog, occluder);
        _sessions = sessions;
        _occluder = occluder;
    }

    /// <summary>A <see cref="MaskLimit"/>.</summary>
    /// <exception cref="ArgumentException">The crop has another size than the first one.</exception>
    /// <exception cref="ModelException">The model cannot be loaded, or is not of its family.</exception>
    public void Lower(Frame frame, in AffineMatrix cropToFrame, int size, Span<float> mask)
    {
        if (_occlusion is null)
        {
            _occlusion = new OcclusionMask(_sessions, _occluder, size);
            _size = size;
            _rgb = new float[3 * size * size];
            _visible = new float[size * size];
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(size, _size);
        CropSampler.ToRgb(frame, cropToFrame, size, size, 1, 0, _rgb, CropBorder.Replicate, CropTaps.Single);
        _occlusion.Fill(_rgb, _visible);
        TensorPrimitives.Min(mask, _visible, mask);
    }

    public void Dispose() => _occlusion?.Dispose();
}
