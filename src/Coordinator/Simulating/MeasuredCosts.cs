using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>What a job's own report says about what work costs.</summary>
public static class MeasuredCosts
{
    private static readonly string[] OutsideOfChunks = ["prepare", "scan", "assemble"];

    /// <summary>CPU seconds, for a fleet whose slots share cores.</summary>
    /// <param name="report">A report with the CPU time of each stage.</param>
    /// <param name="otherwise">For what a report does not tell: the start of a worker, and of a chunk.</param>
    public static StageCosts OfCores(JobReport report, StageCosts otherwise)
    {
        double chunks = report.StageMilliseconds.Where(s => !OutsideOfChunks.Contains(s.Key)).Sum(s => s.Value) / 1000;
        return Outside(report, otherwise) with
        {
            Chunk = 0,
            MarginFrames = 0,
            // The measured time holds starts and margins of chunks of that length.
            Frame = chunks / Math.Max(1, report.Frames),
        };
    }

    /// <summary>Seconds of a slot with a device of its own: a line through the chunks' lengths and times.</summary>
    /// <param name="report">A report whose chunks ran on slots that did not disturb each other.</param>
    /// <param name="otherwise">For what a report does not tell.</param>
    public static StageCosts OfSlots(JobReport report, StageCosts otherwise)
    {
        double meanFrames = report.Chunks.Average(c => (double)c.Range.Length);
        double meanSeconds = report.Chunks.Average(c => c.Seconds);
        double spread = report.Chunks.Sum(c => Math.Pow(c.Range.Length - meanFrames, 2));
        double slope =
            spread > 0 ? report.Chunks.Sum(c => (c.Range.Length - meanFrames) * (c.Seconds - meanSeconds)) / spread : 0;
        // Chunks of one length tell nothing about what a chunk costs beside its frames.
        bool isLine = slope > 0 && slope * meanFrames < meanSeconds && spread > 0.05 * meanFrames * meanFrames;
        return Outside(report, otherwise) with
        {
            Chunk = isLine ? meanSeconds - (slope * meanFrames) : 0,
            MarginFrames = 0,
            Frame = isLine ? slope : meanSeconds / meanFrames,
        };
    }

    private static StageCosts Outside(JobReport report, StageCosts otherwise) =>
        otherwise with
        {
            Prepare = Seconds(report, "prepare"),
            PreparePerFrame = 0,
            Scan = Seconds(report, "scan"),
            ScanPerFrame = 0,
            Assemble = Seconds(report, "assemble"),
            AssemblePerFrame = 0,
        };

    private static double Seconds(JobReport report, string stage) =>
        report.StageMilliseconds.GetValueOrDefault(stage) / 1000;
}
