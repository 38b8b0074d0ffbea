using System.Text;

namespace FaceFusion.Batch.Faces.Store;

/// <summary>
/// A model on its way into the store: <c>FILE.part</c>, of which this process is the only writer, and beside it what its first bytes belong
/// to (<c>FILE.part.from</c>), so that a later try can go on behind them.
/// </summary>
public sealed class ModelDraft : IDisposable
{
    private readonly string _note;
    private bool _isKept;

    internal ModelDraft(string path, FileStream content)
    {
        FilePath = path;
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

    internal static string NoteOf(string path) => $"{path}.from";

    /// <summary>Begins again with no bytes.</summary>
    /// <param name="origin">What they will be of; null: they cannot be gone on with.</param>
    public void Restart(DraftOrigin? origin)
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

    /// <summary>Takes the bytes away.</summary>
    public void Discard()
    {
        File.Delete(_note);
        File.Delete(FilePath);
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
                Discard();
            }
        }
        finally
        {
            Content.Dispose();
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
}

/// <summary>Where bytes of a model come from.</summary>
/// <param name="Url">As it was asked for.</param>
/// <param name="Tag">The entity tag of the whole there, a strong one: with another tag there are other bytes.</param>
public sealed record DraftOrigin(string Url, string Tag);
