using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>
/// The targets that this worker works on, by the hash of their bytes: each is fetched once and shared by all slots. When they are
/// more than the limit, the one longest out of use goes; one in use never goes, so the limit may be passed by those in hand.
/// </summary>
public sealed class TargetCache(WorkerOptions options, HttpBlobs http)
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(options.ScratchFolder), "targets");
    private readonly long _limit = (long)(options.TargetCacheGigabytes * (1 << 30));
    private readonly Lock _guard = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private long _uses;

    /// <summary>The target as a local file, checked to be the bytes that were submitted.</summary>
    /// <exception cref="StorageException"><c>target-changed</c>, <c>url-refused</c>, or the store is out of reach.</exception>
    /// <exception cref="BlobStoreException">The local disk is full.</exception>
    public async Task<TargetFile> TakeAsync(BlobUrl url, string sha256, CancellationToken stop)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
        {
            throw TransferFaults.Refused();
        }

        Entry entry = Enter(sha256);
        try
        {
            // Whoever comes second waits for the first; if that one gives up, it goes on from what is there.
            await entry.Gate.WaitAsync(stop);
            try
            {
                if (entry.Bytes is null)
                {
                    entry.Bytes = await FetchAsync(url, sha256, stop);
                }
            }
            finally
            {
                _ = entry.Gate.Release();
            }

            Trim();
            return new TargetFile(PathOf(sha256), () => Leave(entry));
        }
        catch
        {
            Leave(entry);
            throw;
        }
    }

    private async Task<long> FetchAsync(BlobUrl url, string sha256, CancellationToken stop)
    {
        try
        {
            _ = Directory.CreateDirectory(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlobStoreException.Of(e, _folder);
        }

        string path = PathOf(sha256);
        string part = path + ".part";
        // A part left by an attempt that was stopped may be damaged; then the whole is fetched anew.
        for (bool isAgain = false; ; isAgain = true)
        {
            bool isFresh = isAgain || !File.Exists(part);
            await http.DownloadAsync(url, part, stop);
            if (await FileHash.OfAsync(part, stop) == sha256)
            {
                File.Move(part, path, overwrite: true);
                return new FileInfo(path).Length;
            }

            File.Delete(part);
            if (isFresh)
            {
                throw new StorageException(
                    "target-changed",
                    "The stored target has other bytes than were submitted: submit the job again.",
                    isTransient: false
                );
            }
        }
    }

    private Entry Enter(string sha256)
    {
        lock (_guard)
        {
            if (!_entries.TryGetValue(sha256, out Entry? entry))
            {
                _entries[sha256] = entry = new Entry(sha256);
            }

            entry.Users++;
            entry.LastUse = ++_uses;
            return entry;
        }
    }

    private void Leave(Entry entry)
    {
        lock (_guard)
        {
            entry.Users--;
        }

        Trim();
    }

    private void Trim()
    {
        lock (_guard)
        {
            long held = _entries.Values.Sum(e => e.Bytes ?? 0);
            IEnumerable<Entry> idle = [.. _entries.Values.Where(e => e.Users == 0).OrderBy(e => e.LastUse)];
            foreach (Entry entry in idle.TakeWhile(_ => held > _limit))
            {
                held -= entry.Bytes ?? 0;
                _ = _entries.Remove(entry.Sha256);
                File.Delete(PathOf(entry.Sha256));
                File.Delete(PathOf(entry.Sha256) + ".part");
            }
        }
    }

    private string PathOf(string sha256) => Path.Combine(_folder, sha256);

    private sealed class Entry(string sha256)
    {
        public string Sha256 => sha256;

        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Null until the file is there and checked.</summary>
        public long? Bytes { get; set; }

        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}
