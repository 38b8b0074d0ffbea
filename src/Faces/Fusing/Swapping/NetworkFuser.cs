using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>
/// Swaps faces with a network of the catalogue: cuts the face by the model's template, runs the model on it (on k × k tiles where the
/// crop is boosted), and puts the result back under the masks. One class for all families: they differ by their cards. One thread; no
/// allocation once its buffers fit the largest face.
/// </summary>
public sealed class NetworkFuser : IFaceFuser, IDisposable
{
    private readonly SourceTensor _source;
    private readonly SwapNetwork _network;
    private readonly NetworkSwapSettings _settings;
    private readonly IdentityEmbedder? _embedder;
    private readonly FaceMasker _masker;
    private readonly BoundSession _session;
    private readonly FaceCrop _input;
    private readonly int _size;
    private readonly int _boost;
    private readonly int _batch;
    private readonly float[] _crop;
    private readonly float[] _mixed;
    private readonly float[] _outline = new float[2 * OutlinePoints.Count];
    private readonly float[] _points = new float[FacePoints.Length];
    private float[] _weights = [];

    /// <summary>Of the frame whose mask was not made yet; null: there is none to make.</summary>
    private FrameFormat? _format;
    private AffineMatrix _toFrame;

    /// <param name="embedder">
    /// The target's recogniser, this thread's own, disposed of by its owner; may be null where the weight is 0.5 or the network takes a
    /// picture.
    /// </param>
    /// <exception cref="InvalidRecipeException">A setting is out of its range.</exception>
    /// <exception cref="ModelException">A model is missing, or not as its card says.</exception>
    public NetworkFuser(SourceTensor source, NetworkSwapSettings settings, IdentityEmbedder? embedder = null)
    {
        MaskRules.Check(settings, "");
        MaskRules.CheckBoost(settings.PixelBoost, source.Network.Size, "");
        _source = source;
        _network = source.Network;
        _settings = settings;
        bool mixes = source.CanMix && SourceTensor.MixOf(settings.Weight) != 0;
        if (mixes && embedder?.Length != source.Values.Length)
        {
            throw new ArgumentException(
                "A weight other than 0.5 needs the recogniser of the source.",
                nameof(embedder)
            );
        }

        _embedder = mixes ? embedder : null;
        _mixed = mixes ? new float[source.Values.Length] : [];
        _size = _network.Size;
        _boost = (settings.PixelBoost ?? _size) / _size;
        _crop = new float[3 * Edge * Edge];
        _input = new FaceCrop(_network.Input);
        _masker = new FaceMasker(_network.Sessions, settings.Mask, Edge);
        (_session, _batch) = _network.BindUpTo(_boost * _boost, source.Values.Length);
        Tell(source.Values);
    }

    /// <summary>Edge of the crop in pixels.</summary>
    public int Edge => _size * _boost;

    /// <inheritdoc/>
    public PixelRect Region { get; private set; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Mask
    {
        get
        {
            // Made when it is asked for, which is not in a job: it costs more than all else of a face.
            Grow(Region.Area);
            if (_format is { } format)
            {
                PasteBack.CropWeights(format, _toFrame, Edge, Edge, _masker.Mask, _weights);
                _format = null;
            }

            return _weights.AsSpan(0, Region.Area);
        }
    }

    /// <summary>
    /// Puts the source's face on <paramref name="face"/> in place. A face without points (or, where the mask needs it, without mesh or
    /// outline), or outside the frame, is left alone.
    /// </summary>
    public void Fuse(Frame frame, TrackedFace face)
    {
        Region = default;
        _format = null;
        bool aligned =
            FacePoints.TryRead(face, _points)
            & _network.Template.TryCropToFrame(_points, Edge, out AffineMatrix toFrame);
        if (!aligned || _settings.Strength == 0 || (_masker.NeedsOutline && !FindOutline(face, toFrame)))
        {
            return;
        }

        PixelRect region = PasteBack.CropRegion(frame.Format, toFrame, Edge, Edge);
        if (region.IsEmpty)
        {
            return;
        }

        CropSampler.ToRgb(frame, toFrame, Edge, Edge, 1, 0, _crop, CropBorder.Replicate, CropTaps.Single);
        _masker.Begin(_crop);
        if (_embedder is not null)
        {
            _source.Mix(_settings.Weight, _embedder.Embed(frame, _points), _mixed);
            Tell(_mixed);
        }

        Swap();
        Span<float> mask = _masker.End(_crop, _outline);
        TensorPrimitives.Multiply(mask, (float)_settings.Strength, mask);
        PasteBack.BlendCrop(frame, toFrame, Edge, Edge, _crop, mask);
        Region = region;
        _format = frame.Format;
        _toFrame = toFrame;
    }

    public void Dispose()
    {
        _masker.Dispose();
        _session.Dispose();
    }

    /// <summary>Writes who the source is into every row of the batch.</summary>
    private void Tell(ReadOnlySpan<float> values)
    {
        Span<float> input = _session.InputOf(SwapNetwork.SourceName);
        for (int i = 0; i < _batch; i++)
        {
            values.CopyTo(input[(i * values.Length)..]);
        }
    }

    /// <summary>The crop through the model, tile by tile or all tiles in one run.</summary>
    private void Swap()
    {
        int tileLength = 3 * _size * _size;
        Span<float> target = _session.InputOf(SwapNetwork.TargetName);
        Span<float> result = _session.OutputAt(0);
        int tiles = _boost * _boost;
        for (int first = 0; first < tiles; first += _batch)
        {
            for (int i = 0; i < _batch; i++)
            {
                Span<float> tile = target.Slice(i * tileLength, tileLength);
                PixelBoost.Split(_crop, _size, _boost, first + i, tile);
                _input.Fill(tile, tile);
            }

            _session.Run();
            _session.RequireFinite();
            for (int i = 0; i < _batch; i++)
            {
                Span<float> tile = result.Slice(i * tileLength, tileLength);
                ToPixels(tile);
                PixelBoost.Merge(tile, _size, _boost, first + i, _crop);
            }
        }
    }

    /// <summary>To RGB 0 to 255.</summary>
    private void ToPixels(Span<float> tile)
    {
        int plane = _size * _size;
        Scale(tile[..plane], _network.Output.Mean.R, _network.Output.Std.R);
        Scale(tile.Slice(plane, plane), _network.Output.Mean.G, _network.Output.Std.G);
        Scale(tile.Slice(2 * plane, plane), _network.Output.Mean.B, _network.Output.Std.B);
    }

    private static void Scale(Span<float> values, float mean, float deviation)
    {
        TensorPrimitives.Multiply(values, deviation, values);
        TensorPrimitives.Add(values, mean, values);
        TensorPrimitives.Max(values, 0, values);
        TensorPrimitives.Min(values, 255, values);
    }

    /// <summary>The 68 points in pixels of the crop.</summary>
    private bool FindOutline(TrackedFace face, in AffineMatrix toFrame)
    {
        if (face.Outline is { } own)
        {
            own.AsSpan(0, _outline.Length).CopyTo(_outline);
        }
        else if (face.HasLandmarks)
        {
            OutlinePoints.FromMesh(face.Landmarks, _outline);
        }
        else
        {
            return false;
        }

        AffineMatrix toCrop = toFrame.Invert();
        float sum = 0;
        for (int i = 0; i < _outline.Length; i += 2)
        {
            (_outline[i], _outline[i + 1]) = toCrop.Apply(_outline[i], _outline[i + 1]);
            sum += _outline[i] + _outline[i + 1];
        }

        return float.IsFinite(sum);
    }

    private void Grow(int area)
    {
        if (_weights.Length < area)
        {
            _weights = new float[area];
        }
    }
}
