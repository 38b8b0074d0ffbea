using System.Globalization;

namespace FaceFusion.Batch.Storage;

/// <summary>
/// The only place that spells a path. What belongs to one job lies under <c>jobs/{job}/</c>; what is found by its
/// content lies under <c>targets/{sha256}/</c>, <c>photos/{sha256}</c>, <c>manifests/{sha256}</c> and <c>models/{id}/{sha256}</c> and is
/// shared by jobs.
/// Everything that a retry can write twice carries the attempt and a delivery id in its name.
/// </summary>
public static class BlobNames
{
    public static BlobName Target(string sha256) => BlobName.Parse($"targets/{Hash(sha256)}/target");

    public static BlobName Photo(string sha256) => BlobName.Parse($"photos/{Hash(sha256)}");

    /// <summary>The rows of a batch.</summary>
    public static BlobName Manifest(string sha256) => BlobName.Parse($"manifests/{Hash(sha256)}");

    /// <summary>The file of a model of the catalogue.</summary>
    public static BlobName Model(string id, string sha256) => BlobName.Parse($"{ModelFolder(id)}{Hash(sha256)}");

    public static BlobName FrameTable(Guid jobId, int attempt, Guid delivery) =>
        BlobName.Parse($"{JobFolder(jobId)}prepare/{Try(attempt, delivery)}.frames");

    /// <summary>What was probed of a target, beside its frame table.</summary>
    public static BlobName Probed(BlobName frameTable) =>
        frameTable.Value.EndsWith(".frames", StringComparison.Ordinal)
            ? BlobName.Parse($"{frameTable.Value[..^".frames".Length]}.probed.json")
            : throw new ArgumentException("Not the name of a frame table.", nameof(frameTable));

    public static BlobName Scan(Guid jobId, int attempt, Guid delivery) =>
        BlobName.Parse($"{JobFolder(jobId)}scan/{Try(attempt, delivery)}.json");

    public static BlobName Sheet(Guid jobId, int attempt, Guid delivery) =>
        BlobName.Parse($"{JobFolder(jobId)}scan/{Try(attempt, delivery)}.png");

    /// <summary>A chunk's encoded frames; a still target's one frame is a PNG.</summary>
    public static BlobName Segment(Guid jobId, int chunk, int attempt, Guid delivery, bool isStill) =>
        BlobName.Parse($"{ChunkFolder(jobId, chunk)}{Try(attempt, delivery)}.{(isStill ? "png" : "mp4")}");

    public static BlobName ChunkSidecar(Guid jobId, int chunk, int attempt, Guid delivery) =>
        BlobName.Parse($"{ChunkFolder(jobId, chunk)}{Try(attempt, delivery)}.sidecar");

    public static BlobName ChunkReport(Guid jobId, int chunk, int attempt, Guid delivery) =>
        BlobName.Parse($"{ChunkFolder(jobId, chunk)}{Try(attempt, delivery)}.json");

    public static BlobName Result(Guid jobId, int attempt, Guid delivery, string extension) =>
        BlobName.Parse($"{JobFolder(jobId)}result/{Try(attempt, delivery)}{extension}");

    public static BlobName Report(Guid jobId, int attempt, Guid delivery) =>
        BlobName.Parse($"{JobFolder(jobId)}result/{Try(attempt, delivery)}.report.json");

    /// <summary>The page for people that goes with a report.</summary>
    public static BlobName ReportPage(BlobName report) =>
        report.Value.EndsWith(".report.json", StringComparison.Ordinal)
            ? BlobName.Parse($"{report.Value[..^".json".Length]}.html")
            : throw new ArgumentException("Not the name of a report.", nameof(report));

    /// <summary>Faces of frames [start, end) of a target, found with the settings and models behind the analysis key.</summary>
    public static BlobName Sidecar(string targetSha256, string analysisKey, int start, int end) =>
        BlobName.Parse(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{SidecarFolder(targetSha256, analysisKey)}{start:D8}-{end:D8}"
            )
        );

    /// <summary>A block on its way in; nothing reads it but the check of the upload.</summary>
    public static BlobName UploadBlock(Guid uploadId, int number) =>
        BlobName.Parse(string.Create(CultureInfo.InvariantCulture, $"{UploadFolder(uploadId)}{number:D6}"));

    public static string UploadFolder(Guid uploadId) => $"uploads/{uploadId:N}/";

    /// <summary>The files of a model: one, unless two were put there at the same moment.</summary>
    public static string ModelFolder(string id) => $"models/{id}/";

    public static string JobFolder(Guid jobId) => $"jobs/{jobId:N}/";

    public static string ChunksFolder(Guid jobId) => $"{JobFolder(jobId)}chunks/";

    public static string SidecarFolder(string targetSha256, string analysisKey) =>
        $"targets/{Hash(targetSha256)}/sidecars/{Hash(analysisKey)}/";

    /// <summary>The frame range that a name made by <see cref="Sidecar"/> says; false for any other name.</summary>
    public static bool TryReadSidecar(BlobName name, out int start, out int end)
    {
        ReadOnlySpan<char> range = name.Value.AsSpan(name.Value.LastIndexOf('/') + 1);
        int dash = range.IndexOf('-');
        end = 0;
        start = 0;
        return dash > 0
            && int.TryParse(range[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out start)
            && int.TryParse(range[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out end)
            && start < end;
    }

    private static string ChunkFolder(Guid jobId, int chunk) =>
        string.Create(CultureInfo.InvariantCulture, $"{ChunksFolder(jobId)}{chunk:D6}/");

    private static string Try(int attempt, Guid delivery) =>
        string.Create(CultureInfo.InvariantCulture, $"a{attempt:D3}-{delivery:N}");

    private static string Hash(string hex) =>
        hex.Length is >= 16 and <= 128 && hex.All(char.IsAsciiHexDigitLower)
            ? hex
            : throw new ArgumentException("Not a lower-case hex hash.", nameof(hex));
}
