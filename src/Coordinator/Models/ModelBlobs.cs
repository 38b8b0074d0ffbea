using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Models;

/// <summary>The model files in the fleet's blob store, which orders carry to workers that may lack them.</summary>
public sealed class ModelBlobs(IBlobStore store, ModelShelf shelf)
{
    /// <summary>
    /// Addresses of those that the recipe names or implies, as far as the store has them: of what is built in, and of what every worker
    /// has from elsewhere, there is none. A plain recipe costs no look into the store.
    /// </summary>
    public async Task<IReadOnlyList<ModelBlob>> OfAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        List<ModelBlob> found = [];
        HashSet<string> known = [.. shelf.Models.Select(model => model.Id)];
        foreach (string id in RecipeModels.Chosen(recipe, shelf.Licensed))
        {
            // Only names of the catalogue become names of blobs.
            if (id != SwapStep.Mesh && known.Contains(id) && await FindAsync(id, cancellationToken) is { } model)
            {
                found.Add(model);
            }
        }

        return found;
    }

    /// <summary>The first in order, so that every worker gets the same one.</summary>
    private async Task<ModelBlob?> FindAsync(string id, CancellationToken cancellationToken)
    {
        string folder = BlobNames.ModelFolder(id);
        await foreach (BlobName name in store.ListAsync(folder, cancellationToken))
        {
            return new ModelBlob(id, name.Value[folder.Length..], new BlobUrl(store.GetReadUrl(name)));
        }

        return null;
    }
}
