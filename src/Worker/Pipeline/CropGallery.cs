using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Png;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// Keeps before/after crops of a chunk's worst samples and of a few spread over it, in buffers that are allocated once; PNG is made
/// only of what is kept at the end.
/// </summary>
internal sealed class CropGallery
{
    /// <summary>Side of a crop in pixels.</summary>
    public const int Side = 176;

    private const int Worst = 3;
    private const int Typical = 3;
    private const float Reach = 1.9f;

    private readonly Slot[] _slots;
    private readonly float[] _rgbBefore = new float[3 * Side * Side];
    private readonly float[] _rgbAfter = new float[3 * Side * Side];
    private readonly float _upright;
    private readonly int _stride;
    private int _typical;
    private int _nextTypical;

    /// <param name="start">First frame of the chunk.</param>
    /// <param name="length">Frames of the chunk.</param>
    /// <param name="rotation">Degrees that a player turns the picture clockwise: crops are shown upright.</param>
    public CropGallery(int start, int length, int rotation)
    {
        _slots = new Slot[Worst + Typical];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new Slot();
        }

        _stride = Math.Max(1, length / (Typical + 1));
        _nextTypical = start + (_stride / 2);
        _upright = -rotation * MathF.PI / 180;
    }

    /// <summary>Samples the face before it is fused; followed by <see cref="TakeAfter"/> for the same face, from another thread maybe.</summary>
    /// <param name="before">Receives the crop, <see cref="Side"/> × <see cref="Side"/> pixels of RGB.</param>
    public void TakeBefore(Frame frame, float centerX, float centerY, float size, byte[] before) =>
        Sample(frame, centerX, centerY, size, _rgbBefore, before);

    public void TakeAfter(Frame frame, float centerX, float centerY, float size, int person, float after, byte[] before)
    {
        if (Choose(frame.Number, after) is not { } slot)
        {
            return;
        }

        slot.Frame = frame.Number;
        slot.Person = person;
        slot.After = after;
        before.CopyTo(slot.Before, 0);
        Sample(frame, centerX, centerY, size, _rgbAfter, slot.Result);
    }

    public IReadOnlyList<CropPair> ToPairs() =>
        [
            .. _slots
                .Where(s => s.Frame >= 0)
                .DistinctBy(s => (s.Frame, s.Person))
                .OrderBy(s => s.After)
                .Select(s => new CropPair(
                    s.Frame,
                    s.Person,
                    s.After,
                    PngWriter.Encode(s.Before, Side, Side),
                    PngWriter.Encode(s.Result, Side, Side)
                )),
        ];

    private Slot? Choose(int frame, float after)
    {
        if (_typical < Typical && frame >= _nextTypical)
        {
            _nextTypical = frame + _stride;
            return _slots[Worst + _typical++];
        }

        Slot best = _slots[0];
        for (int i = 1; i < Worst; i++)
        {
            if (best.Frame >= 0 && (_slots[i].Frame < 0 || _slots[i].After > best.After))
            {
                best = _slots[i];
            }
        }

        return best.Frame < 0 || after < best.After ? best : null;
    }

    private void Sample(Frame frame, float centerX, float centerY, float size, float[] rgb, byte[] rgb24)
    {
        AffineMatrix crop = AffineMatrix.CropToFrame(centerX, centerY, size * Reach, _upright, Side);
        CropSampler.ToRgb(frame, crop, Side, Side, 1, 0, rgb);
        const int plane = Side * Side;
        for (int i = 0; i < plane; i++)
        {
            rgb24[3 * i] = (byte)Math.Clamp(rgb[i] + 0.5f, 0, 255);
            rgb24[(3 * i) + 1] = (byte)Math.Clamp(rgb[plane + i] + 0.5f, 0, 255);
            rgb24[(3 * i) + 2] = (byte)Math.Clamp(rgb[(2 * plane) + i] + 0.5f, 0, 255);
        }
    }

    private sealed class Slot
    {
        public int Frame { get; set; } = -1;
        public int Person { get; set; }
        public float After { get; set; }
        public byte[] Before { get; } = new byte[3 * Side * Side];
        public byte[] Result { get; } = new byte[3 * Side * Side];
    }
}
