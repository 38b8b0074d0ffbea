using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// The mask of a face's crop: what every chosen kind lets through. Box and occlusion are of the crop as the frame shows it, area and
/// region of the crop as the model changed it. Each net runs once a face. One thread; a call allocates nothing.
/// </summary>
public sealed class FaceMasker : IDisposable
{
    private readonly float[]? _box;
    private readonly OcclusionMask? _occlusion;
    private readonly AreaMask? _area;
    private readonly RegionMask? _region;
    private readonly float[] _mask;
    private readonly float[] _one;

    /// <param name="size">Edge of the crops in pixels.</param>
    /// <exception cref="InvalidRecipeException">A setting is out of its range, or no kind is chosen (<c>mask-types-empty</c>).</exception>
    /// <exception cref="ModelException">The catalogue has not the occluder or the parser, or it cannot be loaded.</exception>
    public FaceMasker(ModelSessions sessions, MaskSettings settings, int size)
    {
        MaskRules.Check(settings, "/mask");
        _mask = new float[size * size];
        _one = new float[size * size];
        if (settings.Types.Contains(MaskType.Box))
        {
            MaskPadding padding = settings.Padding;
            _box = new float[size * size];
            BoxMask.Fill(_box, size, (float)settings.Blur, padding.Top, padding.Right, padding.Bottom, padding.Left);
        }

        _occlusion = settings.Types.Contains(MaskType.Occlusion)
            ? new OcclusionMask(sessions, settings.Occluder, size)
            : null;
        _area = settings.Types.Contains(MaskType.Area) ? new AreaMask(settings.Areas, size) : null;
        _region = settings.Types.Contains(MaskType.Region)
            ? new RegionMask(sessions, settings.Parser, settings.Regions, size)
            : null;
    }

    /// <summary>Whether <see cref="End"/> reads the outline.</summary>
    public bool NeedsOutline => _area is not null;

    /// <summary>The last face's mask, with what its caller did to it.</summary>
    public ReadOnlySpan<float> Mask => _mask;

    /// <summary>Begins a face's mask.</summary>
    /// <param name="rgb">The crop before the swap: 3 × size × size, RGB 0 to 255.</param>
    public void Begin(ReadOnlySpan<float> rgb)
    {
        if (_box is not null)
        {
            _box.CopyTo(_mask, 0);
        }
        else
        {
            _mask.AsSpan().Fill(1);
        }

        if (_occlusion is not null)
        {
            _occlusion.Fill(rgb, _one);
            TensorPrimitives.Min(_mask, _one, _mask);
        }
    }

    /// <summary>Ends the mask that <see cref="Begin"/> began.</summary>
    /// <param name="rgb">The crop after the swap, as before.</param>
    /// <param name="outline">x, y of the face's 68 points in pixels of the crop; not read where <see cref="NeedsOutline"/> is false.</param>
    /// <returns>size × size values, 0 to 1, the caller's own until the next face.</returns>
    public Span<float> End(ReadOnlySpan<float> rgb, ReadOnlySpan<float> outline)
    {
        if (_area is not null)
        {
            _area.Fill(outline, _one);
            TensorPrimitives.Min(_mask, _one, _mask);
        }

        if (_region is not null)
        {
            _region.Fill(rgb, _one);
            TensorPrimitives.Min(_mask, _one, _mask);
        }

        TensorPrimitives.Clamp(_mask, 0, 1, _mask);
        return _mask;
    }

    public void Dispose()
    {
        _occlusion?.Dispose();
        _region?.Dispose();
    }
}
