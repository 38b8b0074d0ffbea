using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>One thread's way of a crop of any size into a masking net: resized, in the net's layout, run.</summary>
internal sealed class CropInput : IDisposable
{
    private readonly BoundSession _session;
    private readonly FaceCrop _crop;
    private readonly PlaneResize _resize;
    private readonly float[] _input;
    private readonly float[] _planes;
    private readonly int _size;

    /// <param name="size">Edge of the crops in pixels.</param>
    /// <exception cref="ModelException">The model cannot be loaded, or has not the input that its card says.</exception>
    public CropInput(ModelSessions sessions, ModelCard card, int size)
    {
        ModelInput input =
            card.Input ?? throw new ModelException("model-catalog", $"The model {card.Id} has no input.");
        Edge = input.Width;
        _size = size;
        _crop = new FaceCrop(input);
        _resize = new PlaneResize(size, Edge);
        _planes = new float[_crop.Length];
        long[] shape = input.Layout == "nhwc" ? [1, Edge, Edge, 3] : [1, 3, Edge, Edge];
        _session = new BoundSession(
            sessions.Open(card),
            card.Id,
            shapes: new Dictionary<string, long[]> { [input.Name] = shape }
        );
        _input = _session.InputOf(input.Name);
        if (!_session.InputShape(input.Name).SequenceEqual(shape))
        {
            _session.Dispose();
            throw new ModelException(
                "model-shape",
                $"The {card.Id} model takes [{string.Join(", ", _session.InputShape(input.Name))}] and not "
                    + $"[{string.Join(", ", shape)}] as its catalogue card says; it is not the release's file."
            );
        }
    }

    /// <summary>Edge of the net's picture in pixels.</summary>
    public int Edge { get; }

    /// <summary>The net's first output.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: it has not so many values.</exception>
    public float[] Output(int length)
    {
        float[] output = _session.OutputAt(0);
        return output.Length == length
            ? output
            : throw new ModelException(
                "model-shape",
                $"The first output of a masking model has {output.Length} values and not {length}; it is not the release's file."
            );
    }

    /// <param name="rgb">3 × size × size, RGB 0 to 255.</param>
    public void Run(ReadOnlySpan<float> rgb)
    {
        for (int plane = 0; plane < 3; plane++)
        {
            _resize.Apply(
                rgb.Slice(plane * _size * _size, _size * _size),
                _planes.AsSpan(plane * Edge * Edge, Edge * Edge)
            );
        }

        _crop.Fill(_planes, _input);
        _session.Run();
        _session.RequireFinite();
    }

    public void Dispose() => _session.Dispose();
}
