using System.Text;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Reports;
using FaceFusion.Batch.Coordinator.Submitting;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>The answer of <c>ffb fuse</c>, <c>ffb redact</c> and <c>ffb demo</c>: the report's figures, and where everything is.</summary>
internal sealed record JobAnswer
{
    public int SchemaVersion { get; init; } = Terminal.SchemaVersion;
    public string State { get; init; } = "succeeded";
    public required Guid JobId { get; init; }
    public required string Output { get; init; }
    public required string OutputSha256 { get; init; }
    public required string Report { get; init; }
    public required string ReportHtml { get; init; }
    public required Verification Verification { get; init; }
    public required int Frames { get; init; }
    public required int FramesWithFaces { get; init; }
    public required int FacesFound { get; init; }
    public required int FacesFused { get; init; }
    public required IReadOnlyList<PersonReport> People { get; init; }
    public required double WallSeconds { get; init; }
    public required double FramesPerSecond { get; init; }
    public required double CpuSeconds { get; init; }
    public required IReadOnlyDictionary<string, double> StageMilliseconds { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Writes both reports beside the output.</summary>
    public static async Task<JobAnswer> WriteAsync(
        string output,
        FinishedReport finished,
        IReadOnlyDictionary<string, string> modelLicences,
        CancellationToken stop
    )
    {
        JobReport report = finished.Report;
        string json = $"{output}.report.json";
        string html = $"{output}.report.html";
        await PublishAsync(json, ReportJson.Write(report), stop);
        string page = HtmlReport.Write(report, finished.Chunks, modelLicences);
        await PublishAsync(html, Encoding.UTF8.GetBytes(page), stop);
        return new JobAnswer
        {
            JobId = report.JobId,
            Output = output,
            OutputSha256 = report.ResultSha256,
            Report = json,
            ReportHtml = html,
            Verification = report.Verification,
            Frames = report.Frames,
            FramesWithFaces = report.FramesWithFaces,
            FacesFound = report.FacesFound,
            FacesFused = report.FacesFused,
            People = report.People,
            WallSeconds = report.WallSeconds,
            FramesPerSecond = report.FramesPerSecond,
            CpuSeconds = report.StageMilliseconds.Values.Sum() / 1000,
            StageMilliseconds = report.StageMilliseconds,
            Warnings = report.Warnings,
        };
    }

    public void Print(Terminal terminal)
    {
        string frames = Frames == 1 ? "1 frame" : $"{Frames:N0} frames, each with its own timestamp, sound copied";
        terminal.Line($"result  {Output}: {frames}");
        string people = string.Join(
            "; ",
            People
                .Where(p => p.MedianAfter is not null)
                .Select(p =>
                    $"person {p.Person}: likeness to the source {p.MedianBefore:0.00} before, {p.MedianAfter:0.00} after"
                )
        );
        terminal.Line($"faces   {FacesFused:N0} of {FacesFound:N0} found{(people.Length > 0 ? $"; {people}" : "")}");
        terminal.Line($"time    {WallSeconds:0.0} s, {FramesPerSecond:0.0} frames/s, {CpuSeconds:0.0} s of CPU");
        terminal.Line($"report  {ReportHtml}");
    }

    /// <summary>A reader sees the old report or the new one, never a half.</summary>
    private static async Task PublishAsync(string path, byte[] content, CancellationToken stop)
    {
        string draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await File.WriteAllBytesAsync(draft, content, stop);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
