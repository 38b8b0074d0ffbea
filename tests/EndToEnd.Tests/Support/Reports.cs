using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Reports;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>Reads what a run left behind.</summary>
internal static class Reports
{
    public static JobReport Of(string output) => ReportJson.Read(File.ReadAllBytes($"{output}.report.json"));

    /// <summary>Hash of every frame as it went to the encoder, from the chunk reports in a work folder that was kept.</summary>
    public static string[] FrameHashes(string work)
    {
        ChunkReport[] chunks =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(work, "blobs", "jobs"), "*.json", SearchOption.AllDirectories)
                .Where(path =>
                    path.Contains(
                        $"{Path.DirectorySeparatorChar}chunks{Path.DirectorySeparatorChar}",
                        StringComparison.Ordinal
                    )
                )
                .Select(path => JsonSerializer.Deserialize<ChunkReport>(File.ReadAllBytes(path), ReportJson.Options)!)
                .OrderBy(c => c.Range.Start),
        ];
        return [.. chunks.SelectMany(c => c.FrameHashes)];
    }
}
