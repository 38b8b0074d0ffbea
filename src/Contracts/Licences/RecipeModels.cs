using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Licences;

/// <summary>Every model that a recipe pulls in. The one place to extend where a recipe can name further models.</summary>
public static class RecipeModels
{
    /// <summary>Whatever the recipe, faces are found, meshed and told apart with the first model of each of these roles.</summary>
    private static readonly string[] BuiltInRoles = ["detector", "landmarks", "embedding", "geometry"];

    private const string Classifying = "classifier";

    /// <summary>The models that the recipe names or implies, each with all that it needs, each once, in that order.</summary>
    /// <param name="recipe">What is to be done.</param>
    /// <param name="catalogue">All models that are known, in the order of the catalogue.</param>
    public static IReadOnlyList<LicensedModel> Of(Recipe recipe, IReadOnlyList<LicensedModel> catalogue) =>
        WithNeeds(Named(recipe, catalogue).Concat(BuiltIn(catalogue)), catalogue);

    /// <summary>Ids of the models beyond the built-in ones that the recipe names or implies, each once.</summary>
    /// <param name="recipe">What is to be done.</param>
    /// <param name="catalogue">All models that are known.</param>
    public static IReadOnlyList<string> Chosen(Recipe recipe, IReadOnlyList<LicensedModel> catalogue) =>
        [.. WithNeeds(Named(recipe, catalogue), catalogue).Select(model => model.Id)];

    /// <summary>Id of the model that the recipe needs to tell gender, race and age of people; null: nothing of it asks for them.</summary>
    /// <param name="recipe">What is to be done.</param>
    /// <param name="catalogue">All models that are known.</param>
    public static string? Classifier(Recipe recipe, IReadOnlyList<LicensedModel> catalogue) =>
        WithNeeds(Named(recipe, catalogue), catalogue).FirstOrDefault(model => model.Role == Classifying)?.Id;

    /// <summary>The models of these ids, each with all that it needs, each once. What the catalogue does not know is a stranger.</summary>
    public static IReadOnlyList<LicensedModel> WithNeeds(
        IEnumerable<string> ids,
        IReadOnlyList<LicensedModel> catalogue
    )
    {
        Dictionary<string, LicensedModel> known = catalogue
            .GroupBy(model => model.Id)
            .ToDictionary(same => same.Key, same => same.First());
        List<LicensedModel> models = [];
        HashSet<string> seen = [];
        void Add(string id)
        {
            if (!seen.Add(id))
            {
                return;
            }

            LicensedModel model = known.GetValueOrDefault(id) ?? LicensedModel.Stranger(id);
            models.Add(model);
            foreach (string need in model.Needs)
            {
                Add(need);
            }
        }

        foreach (string id in ids)
        {
            Add(id);
        }

        return models;
    }

    private static IEnumerable<string> Named(Recipe recipe, IReadOnlyList<LicensedModel> catalogue) =>
        recipe
            .Processors.SelectMany(step => Named(step, catalogue))
            .Concat(Named(recipe.Selector, catalogue))
            .Concat(Named(recipe.Finding, catalogue));

    private static IEnumerable<string> Named(ProcessorStep step, IReadOnlyList<LicensedModel> catalogue) =>
        step switch
        {
            SwapStep swap when swap.Model == SwapStep.Mesh => [swap.Model],
            SwapStep swap => [swap.Model, .. Named(swap.Mask ?? new MaskSettings(), catalogue)],
            EnhanceStep enhance => [enhance.Model, .. Occluders(enhance.Occluder, catalogue)],
            ExpressionStep expression => [expression.Model, .. Occluders(expression.Occluder, catalogue)],
            AgeStep age => [age.Model, .. Occluders(age.Occluder, catalogue)],
            UpscaleStep upscale => [upscale.Model],
            _ => [],
        };

    private static IEnumerable<string> Named(MaskSettings mask, IReadOnlyList<LicensedModel> catalogue)
    {
        if (mask.Types.Contains(MaskType.Occlusion))
        {
            foreach (string occluder in Occluders(mask.Occluder, catalogue))
            {
                yield return occluder;
            }
        }

        if (mask.Types.Contains(MaskType.Region))
        {
            yield return mask.Parser;
        }
    }

    private static IEnumerable<string> Occluders(string? occluder, IReadOnlyList<LicensedModel> catalogue) =>
        occluder switch
        {
            null => [],
            MaskSettings.ManyOccluders => catalogue.Where(model => model.Role == "occluder").Select(model => model.Id),
            _ => [occluder],
        };

    /// <summary>Filters ask the classifier, of which there is one.</summary>
    private static IEnumerable<string> Named(FaceSelector? selector, IReadOnlyList<LicensedModel> catalogue) =>
        selector is { HasFilters: true }
            ? [catalogue.FirstOrDefault(model => model.Role == Classifying)?.Id ?? "fairface"]
            : [];

    private static IEnumerable<string> Named(FaceFinding? finding, IReadOnlyList<LicensedModel> catalogue)
    {
        if (finding is null)
        {
            return [];
        }

        string[] landmarkers =
            finding.LandmarkerScore == 0 ? []
            : finding.Landmarker == FaceFinding.Many ? ["2dfan4", "peppa_wutz"]
            : [finding.Landmarker];
        string[] detectors =
            finding.Detector == FaceFinding.Many ? ["retinaface", "scrfd", "yolo_face"] : [finding.Detector];
        return [.. detectors, "fan_68_5", .. landmarkers];
    }

    private static IEnumerable<string> BuiltIn(IReadOnlyList<LicensedModel> catalogue) =>
        BuiltInRoles.Select(role => catalogue.FirstOrDefault(model => model.Role == role)?.Id).OfType<string>();
}
