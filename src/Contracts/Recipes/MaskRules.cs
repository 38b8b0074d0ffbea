using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>The ranges of the values that swap networks and masks take.</summary>
public static class MaskRules
{
    /// <summary>Edges of a crop that a pixel boost may have, in pixels, where they are multiples of the model's own.</summary>
    public static IReadOnlyList<int> PixelBoosts { get; } = [128, 256, 384, 512, 768, 1024];

    /// <param name="pointer">JSON pointer of the settings in the recipe, such as <c>/processors/0/mask</c>.</param>
    /// <exception cref="InvalidRecipeException">A value is out of its range; the message names field and range.</exception>
    public static void Check(MaskSettings mask, string pointer)
    {
        if (mask.Types.Count == 0)
        {
            throw new InvalidRecipeException(
                "mask-types-empty",
                "The recipe names no type of mask, so nothing would be put back; name one or more of box, occlusion, area, region."
            )
            {
                Pointer = $"{pointer}/types",
            };
        }

        Require(mask.Blur is >= 0 and <= 1, pointer, "blur", "must be 0 to 1");
        foreach (int side in (int[])[mask.Padding.Top, mask.Padding.Right, mask.Padding.Bottom, mask.Padding.Left])
        {
            Require(side is >= 0 and <= 100, pointer, "padding", "must be 0 to 100 percent on each side");
        }

        Require(
            mask.Areas.Count > 0 || !mask.Types.Contains(MaskType.Area),
            pointer,
            "areas",
            "must name upper-face, lower-face or mouth when the mask has the type area"
        );
        Require(
            mask.Regions.Count > 0 || !mask.Types.Contains(MaskType.Region),
            pointer,
            "regions",
            "must name one or more regions of the face when the mask has the type region"
        );
        Require(mask.Occluder.Length > 0, pointer, "occluder", "must be the id of a model, or many");
        Require(mask.Parser.Length > 0, pointer, "parser", "must be the id of a model");
    }

    /// <param name="pointer">JSON pointer of the step in the recipe, such as <c>/processors/0</c>.</param>
    /// <exception cref="InvalidRecipeException">As <see cref="Check(MaskSettings, string)"/>.</exception>
    public static void Check(NetworkSwapSettings swap, string pointer)
    {
        Require(swap.Strength is >= 0 and <= 1, pointer, "strength", "must be 0 to 1");
        Require(swap.Weight is >= 0 and <= 1, pointer, "weight", "must be 0 to 1");
        Require(
            swap.PixelBoost is not { } boost || PixelBoosts.Contains(boost),
            pointer,
            "pixelBoost",
            $"must be one of {string.Join(", ", PixelBoosts)} pixels"
        );
        Check(swap.Mask, $"{pointer}/mask");
    }

    /// <summary>Whether the model can be boosted to what the recipe asks for.</summary>
    /// <param name="modelSize">Edge of the model's own crop in pixels.</param>
    /// <exception cref="InvalidRecipeException"><c>recipe-value</c>: no multiple of the model's size.</exception>
    public static void CheckBoost(int? pixelBoost, int modelSize, string pointer) =>
        Require(
            pixelBoost is not { } boost || (PixelBoosts.Contains(boost) && boost % modelSize == 0),
            pointer,
            "pixelBoost",
            $"must be one of {string.Join(", ", PixelBoosts.Where(size => size % modelSize == 0))} pixels for this model"
        );

    private static void Require(bool holds, string pointer, string field, string rule)
    {
        if (!holds)
        {
            throw new InvalidRecipeException(
                "recipe-value",
                $"Recipe field {$"{pointer}/{field}".TrimStart('/').Replace('/', '.')} {rule}."
            )
            {
                Pointer = $"{pointer}/{field}",
            };
        }
    }
}
