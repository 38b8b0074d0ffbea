using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Sampling;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Upscaling;

/// <summary>
/// Enlarges whole frames with a model of the family <c>tiled-enhancer</c>: the frame is shown to it in tiles, several at a time where it
/// takes more than one, and each is written into the larger frame at once, so that the picture never exists as floats. One per thread
/// and frame format; the session is shared. Runs allocate nothing.
/// </summary>
public sealed class FrameUpscaler : IDisposable
{
    /// <summary>What a batch of enlarged tiles may take.</summary>
    private const long BatchBytes = 64 << 20;

    private readonly FrameFormat _format;
    private readonly ModelTiles _tiles;
    private readonly TileGrid _grid;
    private readonly PixelScale _in;
    private readonly BoundSession _session;
    private readonly TileWriter _writer;
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly int _batch;

    /// <param name="input">Format of the frames that come.</param>
    /// <param name="batch">Most tiles in one run of a model that takes any number.</param>
    /// <exception cref="ModelException">The model is missing, changed, or not of the family.</exception>
    /// <exception cref="InvalidRecipeException"><c>recipe-value</c>: the model does not enlarge as often as the step asks for.</exception>
    public FrameUpscaler(ModelSessions sessions, ModelCard card, UpscaleStep step, FrameFormat input, int batch = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        _format = input;
        _tiles = TilesOf(card);
        _grid = new TileGrid(_tiles, input.Width, input.Height);
        _in = PixelScale.In(card);
        Scale = ScaleOf(card, step);
        OutputFormat = FormatOf(card, step, input);
        _writer = new TileWriter(card, _tiles, input, Scale, step.Blend / 100f);

        InferenceSession session = sessions.Open(card);
        string name = card.Input!.Name;
        long[] shape = InputShape.Close(session, card, name, Fitting(batch), 3, _tiles.Size, _tiles.Size);
        _batch = (int)shape[0];
        _session = new BoundSession(session, card.Id, _batch, new Dictionary<string, long[]> { [name] = shape });
        _input = _session.InputOf(name);
        _output = _session.OutputAt(0);
        int larger = _tiles.Size * _tiles.Scale;
        if (!_session.OutputShape(0).SequenceEqual([_batch, 3, larger, larger]))
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} should make tiles of {larger}x{larger} pixels and makes "
                    + $"[{string.Join(", ", _session.OutputShape(0))}]; correct the scale in its catalogue row."
            );
        }
    }

    /// <summary>Output over input size: 1, 2, 4 or 8.</summary>
    public int Scale { get; }

    /// <summary>As the input's but for the size.</summary>
    public FrameFormat OutputFormat { get; }

    /// <summary>Tiles that one frame takes.</summary>
    public int Tiles => _grid.Count;

    /// <summary>Format of the frames that a step makes of others, without loading the model.</summary>
    /// <exception cref="ModelException"><c>model-catalog</c>: the card is not of the family.</exception>
    /// <exception cref="InvalidRecipeException"><c>recipe-value</c>: the model does not enlarge as often as the step asks for.</exception>
    public static FrameFormat FormatOf(ModelCard card, UpscaleStep step, FrameFormat input)
    {
        int scale = ScaleOf(card, step);
        return input with { Width = checked(input.Width * scale), Height = checked(input.Height * scale) };
    }

    /// <summary>Output over input size of a step, without loading the model.</summary>
    /// <inheritdoc cref="FormatOf" path="/exception"/>
    public static int ScaleOf(ModelCard card, UpscaleStep step)
    {
        int model = TilesOf(card).Scale;
        int wanted = step.OutputScale ?? model;
        return wanted is 1 or 2 or 4 or 8 && wanted <= model
            ? wanted
            : throw new InvalidRecipeException(
                "recipe-value",
                $"The model {card.Id} enlarges {model} times: outputScale must be 1, 2, 4 or 8 and no more than that."
            );
    }

    /// <summary>Fills every sample of <paramref name="output"/>, and takes over the frame number.</summary>
    /// <param name="input">A frame of the format that was given.</param>
    /// <param name="output">A frame of <see cref="OutputFormat"/>.</param>
    /// <exception cref="ArgumentException">A frame has another format.</exception>
    /// <exception cref="ModelException"><c>model-run</c>: inference failed; another try can help.</exception>
    public void Run(Frame input, Frame output)
    {
        if (input.Format != _format || output.Format != OutputFormat)
        {
            throw new ArgumentException("A frame has not the format that the upscaler was made for.", nameof(input));
        }

        int seen = 3 * _tiles.Size * _tiles.Size;
        int made = seen * _tiles.Scale * _tiles.Scale;
        for (int first = 0; first < _grid.Count; first += _batch)
        {
            int count = Math.Min(_batch, _grid.Count - first);
            for (int i = 0; i < count; i++)
            {
                PixelRect window = _grid.Window(first + i);
                AffineMatrix place = new(1, 0, window.X, 0, 1, window.Y);
                Span<float> tile = _input.AsSpan(i * seen, seen);
                CropSampler.ToRgb(input, place, _tiles.Size, _tiles.Size, _in.Scale, _in.Offset, tile);
            }

            _session.Run();
            _session.RequireFinite();
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> before = _input.AsSpan(i * seen, seen);
                ReadOnlySpan<float> after = _output.AsSpan(i * made, made);
                _writer.Write(output, before, after, _grid.Window(first + i), _grid.Kept(first + i));
            }
        }

        output.Number = input.Number;
    }

    public void Dispose() => _session.Dispose();

    /// <summary>The largest batch within the bounds, so that the last one is as full as can be.</summary>
    private int Fitting(int batch)
    {
        long bytes = 3L * sizeof(float) * _tiles.Size * _tiles.Size * _tiles.Scale * _tiles.Scale;
        int most = (int)Math.Clamp(BatchBytes / bytes, 1, batch);
        int runs = (_grid.Count + most - 1) / most;
        return (_grid.Count + runs - 1) / runs;
    }

    private static ModelTiles TilesOf(ModelCard card) =>
        card is { Tiles: { Scale: 2 or 4 or 8, Overlap: >= 2, Pad: >= 0 } tiles, Input: not null }
        && tiles.Size > 2 * tiles.Overlap
            ? tiles
            : throw new ModelException(
                "model-catalog",
                $"The catalogue row of the model {card.Id} must give tiles with a scale of 2, 4 or 8 and an overlap of 2 or more, and an input."
            );
}
