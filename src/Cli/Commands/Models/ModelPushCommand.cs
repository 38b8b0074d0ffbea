using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.Storage.Disk;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>
/// <c>ffb models push</c>: models of this machine into a fleet's blob store, from which each worker takes what a job names. Whoever may
/// write to that store may do so; the coordinator may be running or not.
/// </summary>
internal sealed class ModelPushCommand
{
    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Of a model that is on this machine, as `ffb models list` shows it",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create()
    {
        ModelPushCommand push = new();
        ExampledCommand command = new(
            "push",
            "Put models, with all that they need, into a fleet's blob store: its workers take them from there",
            "export FFB_BLOBS=...   # as the coordinator has it",
            "ffb models push inswapper_128",
            "ffb models push gfpgan_1.4 yolo_face 2dfan4 --container ffb"
        );
        _ = command.With(
            push._ids,
            LocalModels.StoreFolder.Option,
            FleetOptions.Blobs.Option,
            FleetOptions.Container.Option,
            FleetOptions.Work.Option
        );
        command.SetAction(push.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Terminal terminal = CommonOptions.Terminal(parsed);
        var models = LocalModels.Open(parsed);
        ModelCard[] cards =
        [
            .. models
                .WithNeeds(parsed.GetRequiredValue(_ids))
                .Where(card => card is { IsBuiltIn: false, File: not null }),
        ];
        using Interrupts interrupts = new(() => terminal.Note("Stopping."));
        List<PushedModel> pushed = [];
        try
        {
            IBlobStore store = Open(parsed);
            await store.PrepareAsync(interrupts.Stop);
            foreach (ModelCard card in cards)
            {
                pushed.Add(await PushAsync(models.Catalog, card, store, interrupts.Stop));
                terminal.Note($"{card.Id} is in the fleet's store");
            }
        }
        catch (BlobStoreException e)
        {
            throw new StorageException(e.Code, e.Message, e.IsTransient, e);
        }

        terminal.AnswerList("models", pushed, text => pushed.ForEach(one => text.Line(one.Line)));
        return (int)ExitCode.Ok;
    }

    /// <summary>The bytes that were hashed and judged, and no others.</summary>
    private static async Task<PushedModel> PushAsync(
        ModelCatalog catalog,
        ModelCard card,
        IBlobStore store,
        CancellationToken stop
    )
    {
        byte[] bytes = catalog.Read(card, out string sha256);
        ModelAdmission.Judge(bytes, folder: null, card).Require(card.Id);
        BlobName name = BlobNames.Model(card.Id, sha256);
        await foreach (BlobName there in store.ListAsync(BlobNames.ModelFolder(card.Id), stop))
        {
            if (there != name)
            {
                throw new ModelException(
                    "model-hash",
                    $"The fleet has other bytes of {card.Id} ({there}) than this machine ({sha256[..12]}…): find out which are right, and take that blob away if it is not them."
                );
            }
        }

        using MemoryStream content = new(bytes, writable: false);
        bool isNew = await store.PutAsync(name, content, stop);
        return new PushedModel(card.Id, sha256, bytes.Length, isNew);
    }

    /// <summary>A work folder that is named on the command line is meant more than a store that the environment holds.</summary>
    private static IBlobStore Open(ParseResult parsed) =>
        parsed.GetValue(FleetOptions.Work.Option) is { Length: > 0 } folder
            ? new DiskBlobStore(folder)
            : new AzureBlobStore(FleetOptions.ReadBlobs(parsed), TimeProvider.System);

    /// <summary>A model that the fleet has.</summary>
    private sealed record PushedModel(string Id, string Sha256, long ByteCount, bool IsNew)
    {
        public string Line =>
            $"{Id}  {(IsNew ? "pushed" : "was there")}, {ByteProgress.Size(ByteCount)}, SHA-256 {Sha256}";
    }
}
