using System.Text.Json;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>Best sizes of batches that were measured on this machine: a file that can be deleted at any time.</summary>
internal sealed class BatchRecords(string path)
{
    public int? Find(string key) =>
        Read().TryGetValue(key, out int size) && size is >= 1 and <= BatchSize.Most ? size : null;

    /// <summary>Keeps it where the folder can be written; another process's newer entry may be lost, and is measured again.</summary>
    public void Add(string key, int size)
    {
        SortedDictionary<string, int> all = new(Read(), StringComparer.Ordinal) { [key] = size };
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string draft = $"{path}.{Environment.ProcessId}";
            File.WriteAllText(draft, JsonSerializer.Serialize(all));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the file the next start measures again.
        }
    }

    private Dictionary<string, int> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(path)) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }
}
