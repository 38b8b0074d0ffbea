using System.Numerics.Tensors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>Puts what a model made of a whole face back under a box mask without padding. One per thread; a call allocates nothing.</summary>
internal sealed class CropPaste
{
    private readonly int _size;
    private readonly float _strength;
    private readonly PixelScale _scale;
    private readonly MaskLimit? _limit;
    private readonly float[] _box;
    private readonly float[] _mask;

    /// <param name="size">Edge of the crop in pixels.</param>
    /// <param name="scale">From the model's values to pixels of 0 to 255.</param>
    /// <param name="blur">Of the box mask, 0 to 1.</param>
    /// <param name="strength">0 keeps the frame, 1 pastes what the mask lets through.</param>
    /// <param name="limit">Lowers the box mask further; null: nothing does.</param>
    public CropPaste(int size, PixelScale scale, double blur, float strength = 1, MaskLimit? limit = null)
    {
        _size = size;
        _scale = scale;
        _strength = strength;
        _limit = limit;
        _box = new float[size * size];
        BoxMask.Fill(_box, size, (float)blur, 0, 0, 0, 0);
        _mask = new float[size * size];
    }

    /// <summary>
    /// <c>frame · (1 − mask · strength) + crop · mask · strength</c>. On frames of 8 bit the crop is rounded to whole levels first, as
    /// FaceFusion does; on deeper ones it is not.
    /// </summary>
    /// <param name="values">3 × size × size as the model gave them; changed.</param>
    public void Put(Frame frame, in AffineMatrix cropToFrame, Span<float> values)
    {
        TensorPrimitives.Multiply(values, _scale.Scale, values);
        TensorPrimitives.Add(values, _scale.Offset, values);
        TensorPrimitives.Clamp(values, 0, 255, values);
        if (frame.Format.BitDepth == 8)
        {
            TensorPrimitives.Round(values, values);
        }

        _box.CopyTo(_mask, 0);
        _limit?.Invoke(frame, cropToFrame, _size, _mask);
        TensorPrimitives.Multiply(_mask, _strength, _mask);
        PasteBack.BlendCrop(frame, cropToFrame, _size, _size, values, _mask);
    }
}
