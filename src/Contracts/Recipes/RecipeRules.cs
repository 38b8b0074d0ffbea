using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>The ranges of a recipe's values, checked before any work is done.</summary>
public static class RecipeRules
{
    /// <summary>Encoders that keep closed GOPs and identical headers over chunks, with their highest CRF (CQ of NVIDIA's).</summary>
    public static IReadOnlyDictionary<string, int> Encoders { get; } =
        new Dictionary<string, int>
        {
            ["libx264"] = 51,
            ["libx265"] = 51,
            ["libsvtav1"] = 63,
            ["h264_nvenc"] = 51,
            ["hevc_nvenc"] = 51,
        };

    /// <exception cref="InvalidRecipeException">A value is out of its range; the message names field and range.</exception>
    public static void Check(Recipe recipe)
    {
        Require(recipe.Processors.Count is >= 1 and <= 8, "processors", "must hold 1 to 8 processors");
        for (int i = 0; i < recipe.Processors.Count; i++)
        {
            string at = $"/processors/{i}";
            Require(recipe.Processors[i] is not null, "processors", "must hold processors and not null", at);
            CheckStep(recipe.Processors[i], at);
            Require(
                recipe.Processors[i] is not UpscaleStep || i == recipe.Processors.Count - 1,
                "processors.upscale",
                "must be the last processor, and the only one of its kind",
                at
            );
        }

        if (recipe.Finding is not null)
        {
            FaceRules.Check(recipe.Finding);
        }

        if (recipe.Selector is not null)
        {
            FaceRules.Check(recipe.Selector);
            Require(
                recipe.Faces.Mode == SelectionMode.One && recipe.Faces.Map.Count == 0,
                "faces.mode",
                "must be left out beside selector, which says who is meant"
            );
        }

        Require(recipe.Faces.MinScore is >= 0.1 and <= 0.99, "faces.minScore", "must be 0.1 to 0.99");
        Require(
            recipe.Faces.Mode != SelectionMode.Map || recipe.Faces.Map.Count > 0,
            "faces.map",
            "must name at least one person when faces.mode is map"
        );
        Require(
            recipe.Faces.Map.Keys.All(p => p >= 1),
            "faces.map",
            "persons are counted from 1; `ffb scan` shows them"
        );
        CheckTracking(recipe.Tracking);
        CheckEncode(recipe.Encode);
    }

    private static void CheckStep(ProcessorStep step, string at)
    {
        switch (step)
        {
            case SwapStep swap:
                Require(swap.Strength is >= 0 and <= 1, "processors.swap.strength", "must be 0 to 1", $"{at}/strength");
                MaskRules.Check(swap.ToNetwork(), at);
                Require(
                    swap.Feather is >= 0.02 and <= 0.3,
                    "processors.swap.feather",
                    "must be 0.02 to 0.3",
                    $"{at}/feather"
                );
                break;
            case RedactStep redact:
                Require(
                    redact.CoverGaps is >= 0 and <= 120,
                    "processors.redact.coverGaps",
                    "must be 0 to 120 frames",
                    $"{at}/coverGaps"
                );
                Require(redact.Grow is >= 0 and <= 2, "processors.redact.grow", "must be 0 to 2", $"{at}/grow");
                break;
            case EnhanceStep enhance:
                EnhancingRules.Check(enhance, at);
                break;
            case ExpressionStep expression:
                EnhancingRules.Check(expression, at);
                break;
            case AgeStep age:
                EnhancingRules.Check(age, at);
                break;
            case UpscaleStep upscale:
                EnhancingRules.Check(upscale, at);
                break;
        }
    }

    private static void CheckTracking(TrackingSettings tracking)
    {
        Require(tracking.DetectEvery is >= 1 and <= 12, "tracking.detectEvery", "must be 1 to 12 frames");
        Require(tracking.EmbedEvery is >= 1 and <= 48, "tracking.embedEvery", "must be 1 to 48 frames");
        Require(
            tracking.EmbedEvery % tracking.DetectEvery == 0,
            "tracking.embedEvery",
            "must be a multiple of tracking.detectEvery"
        );
        Require(tracking.SmoothRadius is >= 0 and <= 8, "tracking.smoothRadius", "must be 0 to 8 frames");
        Require(tracking.ColorRadius is >= 0 and <= 12, "tracking.colorRadius", "must be 0 to 12 frames");
    }

    private static void CheckEncode(EncodeSettings encode)
    {
        if (encode.Encoder is not null)
        {
            Require(
                Encoders.ContainsKey(encode.Encoder),
                "encode.encoder",
                $"must be one of {string.Join(", ", Encoders.Keys)}"
            );
        }

        int highest = encode.Encoder is null ? 51 : Encoders[encode.Encoder];
        Require(
            encode.Crf is null || (encode.Crf >= 0 && encode.Crf <= highest),
            "encode.crf",
            $"must be 0 to {highest}"
        );
        Require(
            encode.Preset is null
                || (encode.Preset.Length is > 0 and <= 16 && encode.Preset.All(char.IsAsciiLetterOrDigit)),
            "encode.preset",
            "must be a preset name such as medium, 0 to 13 for libsvtav1, or p1 to p7 for NVIDIA's"
        );
    }

    private static void Require(bool holds, string field, string rule, string? pointer = null)
    {
        if (!holds)
        {
            throw new InvalidRecipeException("recipe-value", $"Recipe field {field} {rule}.")
            {
                Pointer = pointer ?? $"/{field.Replace('.', '/')}",
            };
        }
    }
}
