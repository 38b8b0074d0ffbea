using System.Text;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Store;

/// <summary>
/// A model on its way into the store: <c>FILE.part</c>, of which this process is the only writer, and beside it what its first bytes belong
/// to (<c>FILE.part.from</c>), so that a later try can go on behind them.
/// </summary>
public sealed class ModelDraft : IDisposable
{
    private readonly FileStream? _held;
    private readonly string _note;
    private bool _isKept;

    private ModelDraft(string path, FileStream content, FileStream? held)
    {
        FilePath = path;
        _held = held;
        _note = NoteOf(path);
        Content = content;
        Resumes = content.Length > 0 ? ReadNote() : null;
        if (Resumes is null)
        {
            content.SetLength(0);
        }

        _ = content.Seek(0, SeekOrigin.End);
    }

    /// <summary>The bytes so far; its place is behind them.</summary>
    public FileStream Content { get; }

    /// <summary>What the bytes are the beginning of; null: there are none that could be gone on with.</summary>
    public DraftOrigin? Resumes { get; private set; }

    internal string FilePath { get; }

    private string Folder => Path.GetDirectoryName(FilePath) ?? "";

    /// <param name="path">Of the draft.</param>
    /// <param name="held">What keeps other processes from it; disposed with the draft.</param>
    internal static ModelDraft Open(string path, FileStream? held)
    {
        try
        {
            // Readers are not kept out: it may have its final name before it is closed.
            FileShare share = FileShare.Read | FileShare.Delete;
            return new ModelDraft(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share), held);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    internal static void Delete(string path)
    {
        File.Delete(NoteOf(path));
        File.Delete(path);
    }

    /// <summary>Writes more bytes behind those that are there.</summary>
    /// <exception cref="ModelException"><c>model-store</c>: they cannot be written.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await Content.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw ModelStore.Unwritable(Folder, e);
        }
    }

    /// <summary>Begins again with no bytes.</summary>
    /// <param name="origin">What they will be of; null: they cannot be gone on with.</param>
    /// <exception cref="ModelException"><c>model-store</c>: that cannot be written down.</exception>
    public void Restart(DraftOrigin? origin)
    {
        try
        {
            Content.SetLength(0);
            Resumes = origin;
            if (origin is null)
            {
                File.Delete(_note);
            }
            else
            {
                StoreFiles.Replace(_note, Encoding.UTF8.GetBytes($"{origin.Url}\n{origin.Tag}\n"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelStore.Unwritable(Folder, e);
        }
    }

    /// <summary>The bytes are the model now.</summary>
    internal void MoveTo(string path)
    {
        File.Move(FilePath, path, overwrite: true);
        _isKept = true;
        File.Delete(_note);
    }

    /// <summary>What cannot be gone on with is taken away.</summary>
    public void Dispose()
    {
        try
        {
            if (!_isKept && (Resumes is null || Content.Length == 0))
            {
                Delete(FilePath);
            }
        }
        finally
        {
            Content.Dispose();
            _held?.Dispose();
        }
    }

    private DraftOrigin? ReadNote()
    {
        try
        {
            return File.ReadAllLines(_note) is [{ Length: > 0 } url, { Length: > 0 } tag]
                ? new DraftOrigin(url, tag)
                : null;
        }
        catch (IOException)
        {
            // Whoever began it was stopped before it could say what it is: it is begun again.
            return null;
        }
    }

    private static string NoteOf(string path) => $"{path}.from";
}

/// <summary>Where bytes of a model come from.</summary>
/// <param name="Url">As it was asked for.</param>
/// <param name="Tag">The entity tag of the whole there, a strong one: with another tag there are other bytes.</param>
public sealed record DraftOrigin(string Url, string Tag);
