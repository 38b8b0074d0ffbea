using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Models;

namespace FaceFusion.Batch.Coordinator.Gates;

/// <summary>Holds recipes against the licences of their models, for the use that job and installation declare.</summary>
public sealed class LicenceDesk(ModelShelf shelf, CoordinatorOptions options)
{
    /// <summary>Null: nothing can be said, as no catalogue is known here and no use was declared.</summary>
    /// <param name="tenant">Whose job it is.</param>
    /// <param name="declared">With the job.</param>
    /// <param name="recipe">What is to be done.</param>
    public LicenceVerdict? Judge(string tenant, LicenceUsage declared, Recipe recipe)
    {
        LicenceUsage own = options.TenantUsages.GetValueOrDefault(tenant, options.Usage);
        LicenceUsage usage = LicenceUsages.Stricter(own, declared);
        return shelf.Licensed.Count == 0 && usage == LicenceUsage.Unspecified
            ? null
            : LicenceGate.Judge(RecipeModels.Of(recipe, shelf.Licensed), usage);
    }

    /// <exception cref="InvalidRecipeException"><c>model-licence</c>.</exception>
    public void Require(string tenant, LicenceUsage declared, Recipe recipe) =>
        Judge(tenant, declared, recipe)?.Require();
}
