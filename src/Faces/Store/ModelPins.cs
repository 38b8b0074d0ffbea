using System.Text.Encodings.Web;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Store;

/// <summary>
/// <c>models.lock.json</c>: model id to pin. Changes are made one after another, whatever the number of processes, and readers see the file
/// before or after one.
/// </summary>
internal sealed class ModelPins(string folder)
{
    public const string FileName = "models.lock.json";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private string FilePath => Path.Combine(folder, FileName);

    /// <exception cref="ModelException"><c>model-lock</c>: it cannot be read.</exception>
    public ModelPin? Find(string id) => Read().GetValueOrDefault(id);

    /// <summary>Runs <paramref name="change"/> on the pins while no other process changes them, and stores what it leaves.</summary>
    /// <exception cref="ModelException"><c>model-lock</c>, or what <paramref name="change"/> throws: nothing is stored then.</exception>
    public T Change<T>(Func<SortedDictionary<string, ModelPin>, T> change)
    {
        using FileStream held = Hold();
        SortedDictionary<string, ModelPin> pins = Read();
        T outcome = change(pins);
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(new LockFile(1, pins), Format), (byte)'\n'];
        try
        {
            StoreFiles.Replace(FilePath, json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Trouble("written", e);
        }

        return outcome;
    }

    private FileStream Hold()
    {
        try
        {
            return StoreFiles.Hold(folder, FileName, LongestWait, CancellationToken.None)
                ?? throw new ModelException(
                    "model-lock",
                    $"Another process has been changing {FilePath} for {LongestWait.TotalSeconds} s: try again.",
                    isTransient: true
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Trouble("written", e);
        }
    }

    private SortedDictionary<string, ModelPin> Read()
    {
        try
        {
            byte[] json = File.ReadAllBytes(FilePath);
            return JsonSerializer.Deserialize<LockFile>(json, Format)?.Models
                ?? throw new JsonException("It is empty.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new SortedDictionary<string, ModelPin>(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Trouble("read", e);
        }
    }

    private ModelException Trouble(string done, Exception e) =>
        new(
            "model-lock",
            $"{FilePath} cannot be {done} ({e.Message.ReplaceLineEndings(" ")}); it says which bytes are which model: put it right, or delete it and import the models anew.",
            inner: e
        );

    private sealed record LockFile(int SchemaVersion, SortedDictionary<string, ModelPin> Models);
}
