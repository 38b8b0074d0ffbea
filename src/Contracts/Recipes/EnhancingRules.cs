using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>The ranges of the steps that enhance, enlarge and change faces. What a model allows on top is checked when it is known.</summary>
public static class EnhancingRules
{
    /// <param name="step">The step.</param>
    /// <param name="at">JSON pointer of the step, such as <c>/processors/0</c>.</param>
    /// <exception cref="InvalidRecipeException">A value is out of its range; the message names field and range.</exception>
    public static void Check(EnhanceStep step, string at)
    {
        CheckModel(step.Model, "enhance", at);
        Require(step.Blend is >= 0 and <= 100, "enhance.blend", "must be 0 to 100", $"{at}/blend");
        Require(step.Weight is >= 0 and <= 1, "enhance.weight", "must be 0 to 1", $"{at}/weight");
        CheckBlur(step.MaskBlur, "enhance", at);
        CheckOccluder(step.Occluder, "enhance", at);
    }

    /// <inheritdoc cref="Check(EnhanceStep, string)"/>
    public static void Check(UpscaleStep step, string at)
    {
        CheckModel(step.Model, "upscale", at);
        Require(step.Blend is >= 0 and <= 100, "upscale.blend", "must be 0 to 100", $"{at}/blend");
        Require(
            step.OutputScale is null or 1 or 2 or 4 or 8,
            "upscale.outputScale",
            "must be 1, 2, 4 or 8, or be left out for the model's own",
            $"{at}/outputScale"
        );
    }

    /// <inheritdoc cref="Check(EnhanceStep, string)"/>
    public static void Check(ExpressionStep step, string at)
    {
        CheckModel(step.Model, "expression", at);
        Require(step.Factor is >= 0 and <= 100, "expression.factor", "must be 0 to 100", $"{at}/factor");
        Require(
            step.Areas.Count > 0 && step.Areas.All(Enum.IsDefined),
            "expression.areas",
            "must name upper-face, lower-face or both",
            $"{at}/areas"
        );
        CheckBlur(step.MaskBlur, "expression", at);
        CheckOccluder(step.Occluder, "expression", at);
    }

    /// <inheritdoc cref="Check(EnhanceStep, string)"/>
    public static void Check(AgeStep step, string at)
    {
        CheckModel(step.Model, "age", at);
        Require(step.Direction is >= -100 and <= 100, "age.direction", "must be −100 to 100", $"{at}/direction");
        CheckBlur(step.MaskBlur, "age", at);
        CheckOccluder(step.Occluder, "age", at);
    }

    private static void CheckModel(string model, string step, string at) =>
        Require(
            !string.IsNullOrWhiteSpace(model),
            $"{step}.model",
            "must name a model; `ffb models list` shows them",
            $"{at}/model"
        );

    private static void CheckBlur(double blur, string step, string at) =>
        Require(blur is >= 0 and <= 1, $"{step}.maskBlur", "must be 0 to 1", $"{at}/maskBlur");

    private static void CheckOccluder(string? occluder, string step, string at) =>
        Require(
            occluder is null || !string.IsNullOrWhiteSpace(occluder),
            $"{step}.occluder",
            "must be the id of a model, or many, or be left out",
            $"{at}/occluder"
        );

    private static void Require(bool holds, string field, string rule, string pointer)
    {
        if (!holds)
        {
            throw new InvalidRecipeException("recipe-value", $"Recipe field processors.{field} {rule}.")
            {
                Pointer = pointer,
            };
        }
    }
}
