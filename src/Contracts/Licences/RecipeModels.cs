using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Licences;

/// <summary>Every model that a recipe pulls in. The one place to extend where a recipe can name further models.</summary>
public static class RecipeModels
{
    /// <summary>Whatever the recipe, faces are found, meshed and told apart with the first model of each of these roles.</summary>
    private static readonly string[] BuiltInRoles = ["detector", "landmarks", "embedding", "geometry"];

    /// <summary>The models that the recipe names or implies, each with all that it needs, each once, in that order.</summary>
    /// <param name="recipe">What is to be done.</param>
    /// <param name="catalogue">All models that are known, in the order of the catalogue.</param>
    public static IReadOnlyList<LicensedModel> Of(Recipe recipe, IReadOnlyList<LicensedModel> catalogue) =>
        WithNeeds(Named(recipe).Concat(BuiltIn(catalogue)), catalogue);

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

    private static IEnumerable<string> Named(Recipe recipe) =>
        recipe.Processors.OfType<SwapStep>().Select(s => s.Model);

    private static IEnumerable<string> BuiltIn(IReadOnlyList<LicensedModel> catalogue) =>
        BuiltInRoles.Select(role => catalogue.FirstOrDefault(model => model.Role == role)?.Id).OfType<string>();
}
