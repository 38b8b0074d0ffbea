using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>The catalogue and the store of this machine, as the commands on models see them.</summary>
internal sealed class LocalModels
{
    public static Setting StoreFolder { get; } =
        new(
            "--store",
            ModelStore.FolderVariable,
            "DIR",
            "Folder of models that were fetched or imported (default: ~/.local/share/ffb/models)"
        );

    private LocalModels(ModelCatalog catalog, ModelStore store)
    {
        Catalog = catalog;
        Store = store;
    }

    public ModelCatalog Catalog { get; }

    public ModelStore Store { get; }

    /// <exception cref="ModelException">The catalogue cannot be read.</exception>
    public static LocalModels Open(ParseResult parsed)
    {
        ModelStore store = StoreFolder.Read(parsed) is { } folder
            ? new ModelStore(Path.GetFullPath(folder))
            : ModelStore.Default();
        return new LocalModels(ModelCatalog.Load(Installation.ModelsFolder(), store), store);
    }

    /// <summary>The cards of these ids, each with what it needs, each once.</summary>
    /// <exception cref="ModelException"><c>model-unknown</c>.</exception>
    public IReadOnlyList<ModelCard> WithNeeds(IEnumerable<string> ids) =>
        [
            .. RecipeModels
                .WithNeeds(ids.Select(id => Catalog.Card(id).Id), Catalog.Licensed)
                .Select(m => Catalog.Card(m.Id)),
        ];

    /// <summary>A card of a model that is fetched or imported.</summary>
    /// <exception cref="ModelException"><c>model-unknown</c>; <c>model-built-in</c>.</exception>
    public ModelCard Published(string id)
    {
        ModelCard card = Catalog.Card(id);
        return card.IsBuiltIn
            ? throw new ModelException(
                "model-built-in",
                $"{id} comes with the product and lies beside the catalogue: it is neither imported nor removed."
            )
            : card;
    }

    /// <summary><c>built-in</c>, <c>stored</c> or <c>missing</c>.</summary>
    public string StateOf(ModelCard card) =>
        !Catalog.IsHere(card) ? "missing"
        : card.IsBuiltIn ? "built-in"
        : "stored";
}
