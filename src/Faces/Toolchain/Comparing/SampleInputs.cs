using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Toolchain.Comparing;

/// <summary>
/// Makes inputs for one model: noise, and pictures as its card says they go in (mean, standard deviation, order of channels, layout).
/// Each sample is a batch of one.
/// </summary>
public sealed class SampleInputs
{
    /// <summary>Of a picture input with open width and height, where no card tells them.</summary>
    private const int OpenLength = 64;

    private static readonly ModelInput Plain = new() { Std = new PerChannel(255) };

    private readonly IReadOnlyList<OnnxValue> _inputs;
    private readonly ModelInput _card;
    private readonly OnnxValue? _picture;

    /// <param name="file">The model.</param>
    /// <param name="card">How pictures go in; null: RGB from 0 to 1.</param>
    /// <exception cref="ModelException"><c>model-format</c>; <c>model-unsupported</c>: an input is no tensor of numbers.</exception>
    public SampleInputs(ReadOnlyMemory<byte> file, ModelInput? card = null)
    {
        OnnxGraph graph = OnnxReader.Read(file).Graph;
        HashSet<string> constants = [.. graph.Initializers.Select(t => t.Name)];
        _inputs = [.. graph.Inputs.Where(i => !constants.Contains(i.Name))];
        _card = card ?? Plain;
        _picture =
            _inputs.FirstOrDefault(i => i.Name == card?.Name && i.Shape?.Count == 4)
            ?? _inputs.FirstOrDefault(i => i.Shape?.Count == 4 && Channels(i) is 3 or null)
            ?? _inputs.FirstOrDefault(i => i.Shape?.Count == 4);
        if (_inputs.FirstOrDefault(i => !i.IsTensor || i.Shape is null || i.Type is OnnxType.Text) is { } odd)
        {
            throw new ModelException("model-unsupported", $"The model's input {odd.Name} is no tensor with a shape.");
        }
    }

    /// <summary>The model takes a picture.</summary>
    public bool TakesPictures => _picture is not null && Channels(_picture) is 3 or null;

    /// <summary>Noise: pixels from 0 to 255 as the card says; −1 to 1 without a card and elsewhere; whole numbers are 0.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="seed">The same seed gives the same samples.</param>
    public IReadOnlyList<IReadOnlyList<OnnxTensor>> Noise(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Sample(random, null))];
    }

    /// <summary>The picture's centre square, scaled to the input's size; other inputs are noise.</summary>
    public IReadOnlyList<OnnxTensor> Picture(Frame frame, int seed) => Sample(new Random(seed), frame);

    private OnnxTensor[] Sample(Random random, Frame? frame) =>
        [.. _inputs.Select(input => Tensor(input, random, ReferenceEquals(input, _picture) ? frame : null))];

    private OnnxTensor Tensor(OnnxValue input, Random random, Frame? frame)
    {
        long[] shape = [.. input.Shape!.Select((d, i) => d.Length ?? Open(input, i))];
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        if (frame is not null && TakesPictures)
        {
            Fill(frame, shape, values);
        }
        else if (input.Type is OnnxType.Float or OnnxType.Half or OnnxType.Double)
        {
            bool isPicture = ReferenceEquals(input, _picture) && !ReferenceEquals(_card, Plain);
            float low = isPicture ? -_card.Mean.R / _card.Std.R : -1;
            float high = isPicture ? (255 - _card.Mean.R) / _card.Std.R : 1;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = low + ((high - low) * random.NextSingle());
            }
        }

        return TensorValues.To(OnnxTensor.Of(input.Name, shape, values), input.Type);
    }

    private void Fill(Frame frame, long[] shape, float[] values)
    {
        bool isLast = _card.Layout == "nhwc";
        int width = (int)shape[isLast ? 2 : 3];
        int height = (int)shape[isLast ? 1 : 2];
        float scale = Math.Min((float)frame.Format.Width / width, (float)frame.Format.Height / height);
        // Pixel centres are at whole numbers: the middle of the crop comes to the middle of the frame.
        AffineMatrix toFrame = new(
            scale,
            0,
            (frame.Format.Width - 1 - (scale * (width - 1))) / 2,
            0,
            scale,
            (frame.Format.Height - 1 - (scale * (height - 1))) / 2
        );
        float[] rgb = new float[3 * width * height];
        CropSampler.ToRgb(frame, toFrame, width, height, 1, 0, rgb);
        new FaceCrop(_card with { Width = width, Height = height }).Fill(rgb, values);
    }

    private long Open(OnnxValue input, int axis)
    {
        bool isLast = _card.Layout == "nhwc";
        return axis == 0 || input.Shape!.Count != 4 ? 1
            : axis == (isLast ? 3 : 1) ? 3
            : axis == (isLast ? 2 : 3)
                ? Math.Max(_card.Width, 0) is > 0 and int width ? width
                    : OpenLength
            : Math.Max(_card.Height, 0) is > 0 and int height ? height
            : OpenLength;
    }

    private long? Channels(OnnxValue input) => input.Shape![_card.Layout == "nhwc" ? 3 : 1].Length;
}
