using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Models;
using FaceFusion.Batch.Coordinator.Reports;
using FaceFusion.Batch.Coordinator.Scanning;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Gathers what the rows and blobs know of a job whose result is verified, and stores its report.</summary>
public sealed class ResultReport(IBlobStore store, ScanBlobs scans, ModelShelf models, ProductVersions versions)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static BlobName NameOf(JobRow job) => BlobNames.Report(job.Id, job.Attempt, job.Delivery);

    /// <param name="job">The job in assembly.</param>
    /// <param name="chunks">All its chunks, fused.</param>
    /// <param name="scan">What its scan found.</param>
    /// <param name="joined">The verified result.</param>
    /// <param name="now">The end of the wall time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task WriteAsync(
        JobRow job,
        IReadOnlyList<ChunkRow> chunks,
        ScanResult scan,
        JoinedVideo joined,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        List<ChunkReport> chunkReports = [];
        foreach (ChunkRow chunk in chunks)
        {
            chunkReports.Add(await ReadAsync(ChunkBlobs.Report(chunk), cancellationToken));
        }

        JobReport report = JobReportBuilder.Build(
            new FinishedJob
            {
                JobId = job.Id,
                Target = job.TargetLabel,
                TargetSha256 = job.TargetSha256,
                ResultSha256 = joined.Sha256,
                Format = job.Format ?? throw Missing("The video format"),
                Recipe = job.Recipe,
                Verification = joined.Verification,
                Gates = job.Gates,
                Scan = scan,
                ChunkReports = chunkReports,
                Chunks =
                [
                    .. chunks.Select(c => new ChunkSummary(
                        c.Index,
                        c.Range,
                        c.Attempt,
                        c.WorkerId ?? "",
                        c.Seconds,
                        c.FramesHash ?? "",
                        c.SegmentSha256 ?? ""
                    )),
                ],
                OtherStageMilliseconds = job.StageMillisecondsWith("assemble", joined.CpuMilliseconds),
                WallSeconds = (now - job.RunStartedAt).TotalSeconds,
                Models = job.Models,
                Versions = versions.All,
            }
        ) with
        {
            Warnings = job.Warnings,
        };
        using MemoryStream content = new(ReportJson.Write(report));
        _ = await store.PutAsync(NameOf(job), content, cancellationToken);
        if (job.OutputPath is null)
        {
            // Who has the result on a path of his own has the page written beside it.
            string page = HtmlReport.Write(report, chunkReports, models.Licences);
            using MemoryStream text = new(Encoding.UTF8.GetBytes(page));
            _ = await store.PutAsync(BlobNames.ReportPage(NameOf(job)), text, cancellationToken);
        }
    }

    /// <summary>What the job's scan found.</summary>
    public async Task<ScanResult> ReadScanAsync(JobRow job, CancellationToken cancellationToken) =>
        await scans.ReadAsync(BlobName.Parse(job.ScanBlob ?? "-"), cancellationToken)
        ?? throw Missing("The scan result");

    /// <summary>A stored job report.</summary>
    public async Task<JobReport> ReadJobReportAsync(BlobName name, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await using Stream content = await store.OpenReadAsync(name, cancellationToken);
        await content.CopyToAsync(bytes, cancellationToken);
        return ReportJson.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public async Task<ChunkReport> ReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        await using Stream content = await store.OpenReadAsync(name, cancellationToken);
        return await JsonSerializer.DeserializeAsync<ChunkReport>(content, Json, cancellationToken)
            ?? throw Missing("A chunk report");
    }

    private static StorageException Missing(string what) =>
        new(
            "report-part-missing",
            $"{what} is missing: run the job again so that it is made anew.",
            isTransient: false
        );
}
