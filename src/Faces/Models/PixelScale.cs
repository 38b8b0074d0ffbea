using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>How pixels and a model's values relate where all three channels are alike: <c>to = from · Scale + Offset</c>.</summary>
internal readonly record struct PixelScale(float Scale, float Offset)
{
    /// <summary>From pixels of 0 to 255 to what goes into the model.</summary>
    /// <exception cref="ModelException"><c>model-catalog</c>: the card gives no numbers, or some that differ between channels.</exception>
    public static PixelScale In(ModelCard card)
    {
        float std = Same(card, card.Input?.Std);
        return std > 0 ? new(1 / std, -Same(card, card.Input?.Mean) / std) : throw Wrong(card);
    }

    /// <summary>From what comes out of the model to pixels of 0 to 255.</summary>
    /// <exception cref="ModelException">As <see cref="In"/>.</exception>
    public static PixelScale Out(ModelCard card) => new(Same(card, card.Output?.Std), Same(card, card.Output?.Mean));

    private static float Same(ModelCard card, PerChannel? value) =>
        value is { } v && v.R == v.G && v.G == v.B ? v.R : throw Wrong(card);

    private static ModelException Wrong(ModelCard card) =>
        new(
            "model-catalog",
            $"The catalogue row of the model {card.Id} must give one mean and one standard deviation for its input and its output."
        );
}
