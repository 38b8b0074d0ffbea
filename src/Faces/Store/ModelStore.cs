using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Store;

/// <summary>
/// A folder of model files that were fetched or imported. Any number of processes and machines may share it: a file appears whole or not at
/// all, and <c>models.lock.json</c> says which bytes are which model. A model whose SHA-256 nobody has published is pinned to the first
/// bytes that arrive; others are refused from then on.
/// </summary>
public sealed class ModelStore(string folder)
{
    /// <summary>Names another folder.</summary>
    public const string FolderVariable = "FFB_MODEL_STORE";

    private const string FirstUse = "first use";
    private const int CopyBytes = 1 << 20;

    private readonly ModelPins _pins = new(folder);

    public string Folder { get; } = folder;

    /// <summary>The user's own, in the folder for such things, unless <see cref="FolderVariable"/> names another.</summary>
    public static ModelStore Default()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
        {
            return new ModelStore(Path.GetFullPath(named));
        }

        string own = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );
        return new ModelStore(Path.Combine(own.Length > 0 ? own : Path.GetTempPath(), "ffb", "models"));
    }

    public bool Has(ModelCard card) => File.Exists(PathOf(card));

    /// <exception cref="ModelException"><c>model-lock</c>.</exception>
    public ModelPin? PinOf(ModelCard card) => _pins.Find(card.Id);

    public string PathOf(ModelCard card) => Path.Combine(Folder, FileOf(card));

    /// <summary>The stored bytes, unchecked.</summary>
    /// <exception cref="IOException">They are not there, or cannot be read.</exception>
    public FileStream OpenRead(ModelCard card) => File.OpenRead(PathOf(card));

    /// <summary>The model on its way in, as soon as no other process writes it. Afterwards it may be there: ask <see cref="Has"/>.</summary>
    /// <param name="card">With a file.</param>
    /// <param name="onWait">Is called once where another process has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ModelException"><c>model-store</c>: the folder cannot be written.</exception>
    public ModelDraft OpenDraft(ModelCard card, Action onWait, CancellationToken cancellationToken)
    {
        try
        {
            FileStream? held = StoreFiles.Hold(Folder, FileOf(card), TimeSpan.Zero, cancellationToken);
            if (held is null)
            {
                onWait();
                held = StoreFiles.Hold(Folder, FileOf(card), longest: null, cancellationToken);
            }

            return ModelDraft.Open(PathOf(card) + ".part", held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Folder, e);
        }
    }

    /// <summary>Takes what was written into the store, if it is the model and may be loaded.</summary>
    /// <param name="card">What it should be.</param>
    /// <param name="draft">All bytes. If they are not taken they are gone, and it can be begun again.</param>
    /// <param name="from">Where they came from, for the pin.</param>
    /// <param name="cancellationToken">Leaves the draft as it is.</param>
    /// <exception cref="ModelException">
    /// <c>model-hash</c>: they are not it; what admission refuses them for; <c>model-store</c>: the folder cannot be written.
    /// </exception>
    public async Task<ModelPin> KeepAsync(
        ModelCard card,
        ModelDraft draft,
        string from,
        CancellationToken cancellationToken
    )
    {
        try
        {
            draft.Content.Flush(flushToDisk: true);
            draft.Content.Position = 0;
            ModelDigest found = await ModelDigest.OfAsync(draft.Content, cancellationToken);
            ModelChecks.Require(card, PinOf(card), found);
            await JudgeAsync(card, draft.Content, cancellationToken);
            return _pins.Change(pins =>
            {
                ModelPin pin = Pin(pins, card, found, from);
                draft.MoveTo(PathOf(card));
                return pin;
            });
        }
        catch (ModelException e) when (IsRefusal(e))
        {
            draft.Restart(null);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Folder, e);
        }
    }

    /// <summary>Takes bytes that are whole already into the store, as <see cref="KeepAsync"/> does.</summary>
    /// <param name="card">What they should be.</param>
    /// <param name="content">All bytes, from its place on.</param>
    /// <param name="from">Where they came from, for the pin.</param>
    /// <param name="onWait">Is called once where another process has it.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <exception cref="ModelException">As of <see cref="KeepAsync"/>.</exception>
    public async Task<ModelPin> ImportAsync(
        ModelCard card,
        Stream content,
        string from,
        Action onWait,
        CancellationToken cancellationToken
    )
    {
        using ModelDraft draft = OpenDraft(card, onWait, cancellationToken);
        draft.Restart(null);
        byte[] buffer = new byte[CopyBytes];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await draft.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return await KeepAsync(card, draft, from, cancellationToken);
    }

    /// <summary>The bytes are at fault, and not the store: others may be taken.</summary>
    public static bool IsRefusal(ModelException e) => e.Code is not ("model-store" or "model-lock");

    /// <summary>
    /// Says whether these bytes, from wherever, are the model: by the catalogue's SHA-256, CRC-32 and size as far as it gives them, and by
    /// the pin. Where neither gives a SHA-256 they are pinned.
    /// </summary>
    /// <exception cref="ModelException"><c>model-hash</c>: they are not. <c>model-lock</c>.</exception>
    public ModelPin Require(ModelCard card, ModelDigest found)
    {
        ModelPin? pin = PinOf(card);
        ModelChecks.Require(card, pin, found);
        return pin is not null && pin.Sha256 == found.Sha256 ? pin
            : card.Sha256 is not null ? PinFor(card, found, FirstUse)
            : _pins.Change(pins => Pin(pins, card, found, FirstUse));
    }

    /// <summary>Takes the file away. The pin stays, so that the same bytes are due if it comes back, unless it is to be forgotten.</summary>
    /// <returns>False: there was no file, and no pin that was to be forgotten.</returns>
    /// <exception cref="ModelException"><c>model-lock</c>, <c>model-store</c>.</exception>
    public bool Remove(ModelCard card, bool forgetPin)
    {
        try
        {
            bool was = Has(card);
            using FileStream? held = Directory.Exists(Folder)
                ? StoreFiles.Hold(Folder, FileOf(card), TimeSpan.Zero, CancellationToken.None)
                : null;
            if (held is not null)
            {
                ModelDraft.Delete(PathOf(card) + ".part");
            }

            File.Delete(PathOf(card));
            return (forgetPin && PinOf(card) is not null && _pins.Change(pins => pins.Remove(card.Id))) || was;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Folder, e);
        }
    }

    /// <summary>A file that will never be loaded is not kept for the day when it is asked for.</summary>
    private static async Task JudgeAsync(ModelCard card, FileStream content, CancellationToken cancellationToken)
    {
        if (content.Length > Array.MaxLength)
        {
            throw new ModelException(
                "model-format",
                $"The model {card.Id} is refused. It has more than 2 GiB, which no ONNX file can have."
            );
        }

        byte[] bytes = new byte[content.Length];
        content.Position = 0;
        await content.ReadExactlyAsync(bytes, cancellationToken);
        ModelAdmission.Judge(bytes, folder: null, card).Require(card.Id);
    }

    private static ModelPin Pin(SortedDictionary<string, ModelPin> pins, ModelCard card, ModelDigest found, string from)
    {
        ModelPin? known = pins.GetValueOrDefault(card.Id);
        ModelChecks.Require(card, known, found);
        // What the catalogue has learnt since replaces what was pinned.
        return known?.Sha256 == found.Sha256 && known.IsPublished == card.Sha256 is not null
            ? known
            : pins[card.Id] = PinFor(card, found, from);
    }

    private static ModelPin PinFor(ModelCard card, ModelDigest found, string from) =>
        new()
        {
            File = FileOf(card),
            Sha256 = found.Sha256,
            ByteCount = found.ByteCount,
            IsPublished = card.Sha256 is not null,
            From = from,
            Licence = card.Licence,
        };

    /// <summary>A plain name: no row of a catalogue reaches out of the folder.</summary>
    private static string FileOf(ModelCard card) =>
        card.File is { Length: > 0 } name && name == Path.GetFileName(name) && name[0] != '.'
            ? name
            : throw new ModelException(
                "model-catalog",
                $"The model catalogue gives {card.Id} no file that could lie in a store."
            );

    internal static ModelException Unwritable(string folder, Exception e) =>
        new(
            "model-store",
            $"The model store {folder} cannot be written ({e.Message.ReplaceLineEndings(" ")}): make room or give it another folder with {FolderVariable}.",
            inner: e
        );
}
