using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Alignment;

/// <summary>
/// Cuts pictures for one model's input, in its layout, order of channels and range of values. The cut is that which the published models
/// were trained with: one bilinear tap a pixel, the frame's edge repeated beyond it. One thread; a call allocates nothing.
/// </summary>
public sealed class FaceCrop
{
    private readonly ModelInput _input;
    private readonly FaceTemplate? _template;
    private readonly float[] _planes;
    private readonly bool _interleaved;
    private readonly bool _reversed;

    /// <param name="input">Size, layout, channels, mean and deviation of the picture.</param>
    /// <param name="template">How a face lies in the crop; null where crops are cut by matrix.</param>
    /// <exception cref="ModelException"><c>model-catalog</c>: there is no such layout, order or size.</exception>
    public FaceCrop(ModelInput input, FaceTemplate? template = null)
    {
        _interleaved = input.Layout == "nhwc" || (input.Layout == "nchw" ? false : throw Unknown(input.Layout));
        _reversed = input.Channels == "bgr" || (input.Channels == "rgb" ? false : throw Unknown(input.Channels));
        if (input.Width < 1 || input.Height < 1 || input.Std.R * input.Std.G * input.Std.B == 0)
        {
            throw Unknown($"{input.Width}x{input.Height}");
        }

        _input = input;
        _template = template;
        _planes = _interleaved ? new float[Length] : [];
    }

    /// <summary>Values of one picture.</summary>
    public int Length => 3 * _input.Width * _input.Height;

    /// <summary>Cuts the face with these five points out of a frame.</summary>
    /// <param name="points">x, y of the five points in frame pixels, as <see cref="FacePoints"/> orders them.</param>
    /// <param name="values">Receives <see cref="Length"/> values.</param>
    /// <returns>From pixels of the crop to pixels of the frame.</returns>
    /// <exception cref="InvalidOperationException">This crop has no template.</exception>
    public AffineMatrix Fill(Frame frame, ReadOnlySpan<float> points, Span<float> values)
    {
        FaceTemplate template = _template ?? throw new InvalidOperationException("This crop has no template.");
        AffineMatrix cropToFrame = template.CropToFrame(points, _input.Width);
        Fill(frame, cropToFrame, values);
        return cropToFrame;
    }

    /// <summary>Cuts what a matrix maps into the frame.</summary>
    public void Fill(Frame frame, in AffineMatrix cropToFrame, Span<float> values)
    {
        Span<float> planes = _interleaved ? _planes : values[..Length];
        CropSampler.ToRgb(
            frame,
            cropToFrame,
            _input.Width,
            _input.Height,
            1,
            0,
            planes,
            CropBorder.Replicate,
            CropTaps.Single
        );
        Fill(planes, values);
    }

    /// <summary>Takes a picture that is already cut.</summary>
    /// <param name="rgb">3 × height × width, RGB 0 to 255; may be <paramref name="values"/> itself where the layout is planar.</param>
    /// <param name="values">Receives <see cref="Length"/> values.</param>
    public void Fill(ReadOnlySpan<float> rgb, Span<float> values)
    {
        int plane = _input.Width * _input.Height;
        if (_interleaved)
        {
            Interleave(rgb, values, plane);
            return;
        }

        ReadOnlySpan<float> red = rgb[..plane];
        ReadOnlySpan<float> blue = rgb.Slice(2 * plane, plane);
        Span<float> first = values[..plane];
        Span<float> last = values.Slice(2 * plane, plane);
        if (_reversed && rgb.Overlaps(values))
        {
            for (int i = 0; i < plane; i++)
            {
                (first[i], last[i]) = (blue[i], red[i]);
            }

            red = last;
            blue = first;
        }

        Scale(red, _reversed ? last : first, _input.Mean.R, _input.Std.R);
        Scale(rgb.Slice(plane, plane), values.Slice(plane, plane), _input.Mean.G, _input.Std.G);
        Scale(blue, _reversed ? first : last, _input.Mean.B, _input.Std.B);
    }

    private void Interleave(ReadOnlySpan<float> rgb, Span<float> values, int plane)
    {
        int red = _reversed ? 2 : 0;
        for (int i = 0; i < plane; i++)
        {
            Span<float> pixel = values.Slice(3 * i, 3);
            pixel[red] = (rgb[i] - _input.Mean.R) / _input.Std.R;
            pixel[1] = (rgb[plane + i] - _input.Mean.G) / _input.Std.G;
            pixel[2 - red] = (rgb[(2 * plane) + i] - _input.Mean.B) / _input.Std.B;
        }
    }

    private static void Scale(ReadOnlySpan<float> plane, Span<float> into, float mean, float deviation)
    {
        if (mean == 0 && deviation == 1)
        {
            plane.CopyTo(into);
            return;
        }

        TensorPrimitives.Subtract(plane, mean, into);
        TensorPrimitives.Divide(into, deviation, into);
    }

    private static ModelException Unknown(string what) =>
        new("model-catalog", $"The model catalogue gives an input the picture format {what}, which there is not.");
}
