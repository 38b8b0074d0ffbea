using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>The ranges of how faces are found and selected.</summary>
public static class FaceRules
{
    /// <summary>Edges of the square that a detector may look at, in pixels.</summary>
    public static IReadOnlyList<int> DetectorSizes { get; } = [160, 320, 480, 512, 640];

    /// <exception cref="InvalidRecipeException">A value is out of its range; the message names field and range.</exception>
    public static void Check(FaceFinding finding, string field = "finding")
    {
        Require(finding.Detector.Length > 0, field, "detector", "must be a detector of the model catalogue, or many");
        Require(
            DetectorSizes.Contains(finding.DetectorSize),
            field,
            "detectorSize",
            $"must be one of {string.Join(", ", DetectorSizes)}"
        );
        Require(
            finding.Detector != FaceFinding.Many || finding.DetectorSize == 640,
            field,
            "detectorSize",
            "must be 640 where the detector is many"
        );
        FaceMargins margins = finding.Margins;
        Require(
            new[] { margins.Top, margins.Right, margins.Bottom, margins.Left }.All(m => m is >= 0 and <= 100),
            field,
            "margins",
            "must be 0 to 100 percent on each side"
        );
        Require(
            finding.Angles.Count > 0
                && finding.Angles.All(a => a is 0 or 90 or 180 or 270)
                && finding.Angles.Distinct().Count() == finding.Angles.Count,
            field,
            "angles",
            "must hold one or more of 0, 90, 180 and 270, each once"
        );
        Require(finding.MinScore is >= 0.05 and <= 1, field, "minScore", "must be 0.05 to 1");
        Require(finding.Landmarker.Length > 0, field, "landmarker", "must be 2dfan4, peppa_wutz or many");
        Require(finding.LandmarkerScore is >= 0 and <= 1, field, "landmarkerScore", "must be 0 to 1");
    }

    /// <exception cref="InvalidRecipeException">A value is out of its range; the message names field and range.</exception>
    public static void Check(FaceSelector selector, string field = "selector")
    {
        Require(Enum.IsDefined(selector.Mode), field, "mode", "must be many, one or reference");
        Require(Enum.IsDefined(selector.Order), field, "order", "must be an order such as large-small");
        Require(
            selector.Gender is not { } gender || Enum.IsDefined(gender),
            field,
            "gender",
            "must be auto, female or male"
        );
        Require(
            selector.Race is not { } race || Enum.IsDefined(race),
            field,
            "race",
            "must be auto, white, black, latino, asian, indian or arabic"
        );
        Require(selector.AgeStart is null or (>= 0 and <= 100), field, "ageStart", "must be 0 to 100 years");
        Require(
            selector.AgeEnd is null or (>= 0 and <= 100) && (selector.AgeStart ?? 0) < (selector.AgeEnd ?? 100),
            field,
            "ageEnd",
            "must be 0 to 100 years and more than ageStart"
        );
        Require(selector.ReferenceFrame >= 0, field, "referenceFrame", "must be a frame number from 0");
        Require(selector.ReferencePosition >= 0, field, "referencePosition", "must be a place from 0");
        Require(selector.ReferenceDistance is >= 0 and <= 1, field, "referenceDistance", "must be 0 to 1");
    }

    private static void Require(bool holds, string field, string name, string rule)
    {
        if (!holds)
        {
            throw new InvalidRecipeException("recipe-value", $"Recipe field {field}.{name} {rule}.")
            {
                Pointer = $"/{field.Replace('.', '/')}/{name}",
            };
        }
    }
}
