using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>Leaves out what lies in front of a face: hands, hair, microphones. One thread; a call allocates nothing.</summary>
public sealed class OcclusionMask : IDisposable
{
    private readonly CropInput[] _nets;
    private readonly float[][] _visible;
    private readonly PlaneResize _back;
    private readonly SoftEdge _edge;
    private readonly float[] _one;

    /// <param name="occluder">A card's id, or <see cref="MaskSettings.ManyOccluders"/> for every occluder of the catalogue.</param>
    /// <param name="size">Edge of the crops in pixels.</param>
    /// <exception cref="ModelException">The catalogue has no such model, or it cannot be loaded.</exception>
    public OcclusionMask(ModelSessions sessions, string occluder, int size)
    {
        IReadOnlyList<ModelCard> cards = CardsOf(sessions.Catalog, occluder);
        _nets = [.. cards.Select(card => new CropInput(sessions, card, size))];
        int edge = _nets[0].Edge;
        _visible = [.. _nets.Select(net => net.Output(net.Edge * net.Edge))];
        _back = new PlaneResize(edge, size);
        _edge = new SoftEdge(size);
        _one = _nets.Length > 1 ? new float[size * size] : [];
        if (_nets.Any(net => net.Edge != edge))
        {
            throw new ModelException(
                "model-catalog",
                "The occluders of the catalogue differ in size; name one of them."
            );
        }
    }

    /// <summary>The cards that a recipe means.</summary>
    /// <exception cref="ModelException"><c>model-unknown</c>: the catalogue has none.</exception>
    public static IReadOnlyList<ModelCard> CardsOf(ModelCatalog catalog, string occluder)
    {
        if (occluder != MaskSettings.ManyOccluders)
        {
            return [catalog.Card(occluder)];
        }

        ModelCard[] all = [.. catalog.Cards.Where(card => card.Role == "occluder")];
        return all.Length > 0
            ? all
            : throw new ModelException(
                "model-unknown",
                "The model catalogue has no occluder; `ffb models list` shows all models."
            );
    }

    /// <param name="rgb">The crop before the swap: 3 × size × size, RGB 0 to 255.</param>
    /// <param name="mask">Receives size × size values: 1 where the face is seen, 0 where something is in front of it.</param>
    public void Fill(ReadOnlySpan<float> rgb, Span<float> mask)
    {
        for (int i = 0; i < _nets.Length; i++)
        {
            _nets[i].Run(rgb);
            TensorPrimitives.Clamp(_visible[i], 0, 1, _visible[i]);
            if (i == 0)
            {
                _back.Apply(_visible[i], mask);
                continue;
            }

            _back.Apply(_visible[i], _one);
            TensorPrimitives.Min(mask[.._one.Length], _one, mask);
        }

        _edge.Apply(mask);
    }

    public void Dispose()
    {
        foreach (CropInput net in _nets)
        {
            net.Dispose();
        }
    }
}
