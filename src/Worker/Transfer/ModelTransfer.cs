using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>
/// Models that an order names and this machine lacks, from the fleet's blob store into the machine's model store: once, for all that
/// share it. What comes is held against the order's hash, the catalogue's and the pin, and judged, before it has its name there; when it
/// is loaded its bytes are hashed and judged again.
/// </summary>
/// <param name="transfer">Fetches.</param>
/// <param name="catalog">Read when the first order names a model.</param>
public sealed class ModelTransfer(BlobTransfer transfer, Lazy<ModelCatalog> catalog) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    public void Dispose() => _gate.Dispose();

    /// <param name="models">As the order has them.</param>
    /// <param name="folder">For files on the way.</param>
    /// <param name="stop">Ends it; nothing is kept of a file that is not whole.</param>
    /// <exception cref="ModelException"><c>model-unknown</c>, <c>model-hash</c>, or what the store or admission says.</exception>
    /// <exception cref="StorageException"><c>url-refused</c>, <c>blob-missing</c>, or the fleet's store is out of reach.</exception>
    public async Task FetchAsync(IReadOnlyList<ModelBlob> models, ScratchFolder folder, CancellationToken stop)
    {
        if (models.Count == 0)
        {
            return;
        }

        // Whoever comes second waits for the first and finds them here.
        await _gate.WaitAsync(stop);
        try
        {
            foreach (ModelBlob model in models)
            {
                ModelCard card = catalog.Value.Card(model.Id);
                if (!catalog.Value.IsHere(card) && catalog.Value.Store is { } store)
                {
                    await FetchAsync(card, model, store, folder, stop);
                }
            }
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    private async Task FetchAsync(
        ModelCard card,
        ModelBlob model,
        ModelStore store,
        ScratchFolder folder,
        CancellationToken stop
    )
    {
        string path = await transfer.ReadAsync(model.Url, folder, stop);
        await using FileStream content = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        if (await FileHash.OfAsync(content, stop) != model.Sha256)
        {
            throw new ModelException(
                "model-hash",
                $"The fleet's store has other bytes of the model {card.Id} than were pushed: take the blob away and push it again with `ffb models push`."
            );
        }

        content.Position = 0;
        _ = await store.ImportAsync(card, content, "the fleet's store", () => { }, stop);
    }
}
