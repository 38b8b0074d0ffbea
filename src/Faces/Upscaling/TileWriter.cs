using System.Numerics.Tensors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Faces.Upscaling;

/// <summary>
/// Puts tiles that a model enlarged where they belong in the larger frame: mixed with the picture enlarged bilinearly, shrunk where less
/// was asked for, converted to the frame's YUV. Works in bands of a few rows, so its buffers are small whatever the tile is. One per thread.
/// </summary>
internal sealed class TileWriter
{
    /// <summary>Rows of the smaller frame in a band; even, so that bands begin on chroma rows.</summary>
    private const int BandRows = 16;

    private readonly FrameFormat _input;
    private readonly int _size;
    private readonly int _scale;
    private readonly int _outputScale;
    private readonly float _blend;
    private readonly PixelScale _in;
    private readonly PixelScale _out;
    private readonly float[] _patch;
    private readonly float[] _shrunk;
    private readonly float[] _small;
    private readonly float[] _enlarged;

    /// <param name="card">A model whose tiles are enlarged 2, 4 or 8 times.</param>
    /// <param name="input">The smaller frame.</param>
    /// <param name="outputScale">Larger over smaller frame; divides the model's scale by 1, 2, 4 or 8.</param>
    /// <param name="blend">0: the picture enlarged bilinearly, 1: what the model made.</param>
    public TileWriter(ModelCard card, ModelTiles tiles, FrameFormat input, int outputScale, float blend)
    {
        _input = input;
        _size = tiles.Size;
        _scale = tiles.Scale;
        _outputScale = outputScale;
        _blend = blend;
        _in = PixelScale.In(card);
        _out = PixelScale.Out(card);

        // One pixel more on each side of a band for the chroma, and another for what is enlarged.
        int width = tiles.Size - (2 * tiles.Overlap) + 4;
        int area = width * (BandRows + 4);
        _patch = new float[3 * area * _scale * _scale];
        _shrunk = outputScale == _scale ? [] : new float[3 * area * outputScale * outputScale];
        _small = blend < 1 ? new float[area] : [];
        _enlarged = blend < 1 ? new float[area * _scale * _scale] : [];
    }

    /// <param name="output">The larger frame.</param>
    /// <param name="seen">What the model saw: three planes of size × size.</param>
    /// <param name="made">What it made of it: three planes of (size · scale)².</param>
    /// <param name="window">What it saw, in pixels of the smaller frame.</param>
    /// <param name="kept">What is used of it, in pixels of the smaller frame.</param>
    public void Write(
        Frame output,
        ReadOnlySpan<float> seen,
        ReadOnlySpan<float> made,
        PixelRect window,
        PixelRect kept
    )
    {
        int plane = _size * _size;
        int madePlane = plane * _scale * _scale;
        for (int top = kept.Y; top < kept.Bottom; top += BandRows)
        {
            PixelRect band = new(kept.X, top, kept.Width, Math.Min(BandRows, kept.Bottom - top));
            PixelRect patch = Grown(band);
            int area = patch.Area * _scale * _scale;
            for (int channel = 0; channel < 3; channel++)
            {
                Span<float> into = _patch.AsSpan(channel * area, area);
                Take(made.Slice(channel * madePlane, madePlane), window, patch, into);
                if (_blend < 1)
                {
                    Mix(seen.Slice(channel * plane, plane), window, patch, into);
                }
            }

            WriteBand(output, band, patch, area);
        }
    }

    /// <summary>The patch as the model made it, as pixels of 0 to 255.</summary>
    private void Take(ReadOnlySpan<float> made, PixelRect window, PixelRect patch, Span<float> into)
    {
        int width = patch.Width * _scale;
        int start = (patch.X - window.X) * _scale;
        int row = (patch.Y - window.Y) * _scale;
        for (int y = 0; y < patch.Height * _scale; y++)
        {
            Span<float> to = into.Slice(y * width, width);
            TensorPrimitives.Multiply(made.Slice(((row + y) * _size * _scale) + start, width), _out.Scale, to);
            TensorPrimitives.Add(to, _out.Offset, to);
            TensorPrimitives.Clamp(to, 0, 255, to);
        }
    }

    /// <summary><c>patch · blend + enlarged · (1 − blend)</c>, with the frame's edge repeated outward.</summary>
    private void Mix(ReadOnlySpan<float> seen, PixelRect window, PixelRect patch, Span<float> into)
    {
        PixelRect around = Grown(patch);
        for (int y = 0; y < around.Height; y++)
        {
            Span<float> to = _small.AsSpan(y * around.Width, around.Width);
            int from = ((around.Y + y - window.Y) * _size) + around.X - window.X;
            TensorPrimitives.Subtract(seen.Slice(from, around.Width), _in.Offset, to);
            TensorPrimitives.Multiply(to, (1 - _blend) / _in.Scale, to);
        }

        int stride = around.Width * _scale;
        Upscale.Apply(_small, _scale, _enlarged, stride, around.Height * _scale);
        int width = patch.Width * _scale;
        int start = ((patch.Y - around.Y) * _scale * stride) + ((patch.X - around.X) * _scale);
        for (int y = 0; y < patch.Height * _scale; y++)
        {
            Span<float> to = into.Slice(y * width, width);
            TensorPrimitives.MultiplyAdd(to, _blend, _enlarged.AsSpan(start + (y * stride), width), to);
        }
    }

    private void WriteBand(Frame output, PixelRect band, PixelRect patch, int area)
    {
        Span<float> planes = _patch;
        PixelRect larger = Larger(patch);
        if (_outputScale != _scale)
        {
            planes = _shrunk;
            for (int channel = 0; channel < 3; channel++)
            {
                Downscale.Apply(
                    _patch.AsSpan(channel * area, area),
                    patch.Width * _scale,
                    patch.Height * _scale,
                    _scale / _outputScale,
                    planes.Slice(channel * larger.Area, larger.Area)
                );
            }
        }

        Span<float> y = planes[..larger.Area];
        Span<float> cb = planes.Slice(larger.Area, larger.Area);
        Span<float> cr = planes.Slice(2 * larger.Area, larger.Area);
        RgbToYuv.Convert(_input.Matrix, y, cb, cr, y, cb, cr);
        PatchWriter.Write(output, larger, Larger(band), y, cb, cr);
    }

    private PixelRect Larger(PixelRect rect) =>
        new(rect.X * _outputScale, rect.Y * _outputScale, rect.Width * _outputScale, rect.Height * _outputScale);

    /// <summary>With one pixel more on each side where the frame has it.</summary>
    private PixelRect Grown(PixelRect rect) =>
        new PixelRect(rect.X - 1, rect.Y - 1, rect.Width + 2, rect.Height + 2).Clip(_input.Width, _input.Height);
}
