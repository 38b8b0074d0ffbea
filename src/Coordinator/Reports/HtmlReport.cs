using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>
/// The job's report as one HTML page that stands alone: styles, plots and pictures are inside, no script, no address of anything else.
/// </summary>
public static class HtmlReport
{
    /// <param name="report">What to show.</param>
    /// <param name="chunkReports">The reports that <paramref name="report"/> was built from; they hold the pictures.</param>
    /// <param name="modelLicences">Model card id to licence; a model that is missing here is shown as not stated.</param>
    public static string Write(
        JobReport report,
        IReadOnlyList<ChunkReport> chunkReports,
        IReadOnlyDictionary<string, string> modelLicences
    )
    {
        ArgumentNullException.ThrowIfNull(report);
        List<ChunkReport> chunks = JobReportBuilder.InOrder(chunkReports);
        HtmlText page = new();
        page.Markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
        page.Markup(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        );
        page.Markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Line($"<title>{report.Target}: report</title>");
        page.Markup($"<style>{ReportStyle.Css}</style>\n</head>\n<body>\n<main>");
        Head(page, report);
        if (report.Warnings.Count > 0)
        {
            Warnings(page, report.Warnings);
        }

        ContactSheet.Write(page, report, chunks);
        ReportPlots.Write(page, report, chunks);
        ReportTables.People(page, report);
        ReportTables.Stages(page, report);
        ReportTables.Gates(page, report);
        ReportTables.Models(page, report, modelLicences);
        ReportTables.Chunks(page, report);
        ReportTables.Facts(page, report);
        Foot(page, report);
        page.Markup("</main>\n</body>\n</html>");
        return page.ToString();
    }

    /// <summary>True if every check on the result held.</summary>
    public static bool IsExact(Verification v) =>
        v.FramesFound == v.FramesExpected && v.TimestampsEqual && v.StreamsKept && v.AudioVideoShiftMicroseconds == 0;

    private static void Head(HtmlText page, JobReport report)
    {
        page.Markup("<header>");
        page.Line($"<p class=\"eyebrow\">FaceFusion.Batch · job {report.JobId}</p>\n<h1>{report.Target}</h1>");
        Verdict(page, report.Verification, report.Format.IsStill);
        page.Markup("</header>\n<dl class=\"tiles\">");
        bool asksForFaces = report.Recipe.Processors.Any(p => p is not UpscaleStep);
        Tile(
            page,
            "Frames",
            $"{report.Frames:N0}",
            asksForFaces ? $"{report.FramesWithFaces:N0} with a face" : "each enlarged"
        );
        bool redacts = report.Recipe.Processors.Any(p => p is RedactStep);
        if (report.Recipe.Processors.Any(p => p is UpscaleStep))
        {
            Tile(
                page,
                "Result",
                $"{report.Format.Width * report.OutputScale} × {report.Format.Height * report.OutputScale}",
                $"from {report.Format.Width} × {report.Format.Height}"
            );
        }

        if (!asksForFaces)
        {
            SpeedTile(page, report);
            return;
        }

        Tile(
            page,
            redacts ? "Faces covered" : "Faces fused",
            $"{report.FacesFused:N0}",
            $"of {report.FacesFound:N0} found"
        );
        float? before = JobReportBuilder.Median(report.Identity.Select(s => s.Before));
        float? after = JobReportBuilder.Median(report.Identity.Select(s => s.After));
        if (after is not null)
        {
            Tile(page, "Likeness to the source", $"{after:0.00}", $"before: {before:0.00} (median cosine)");
        }

        SpeedTile(page, report);
    }

    /// <summary>The last one.</summary>
    private static void SpeedTile(HtmlText page, JobReport report)
    {
        Tile(page, "Speed", $"{report.FramesPerSecond:0.0} fps", $"{report.WallSeconds:0.0} s in all");
        page.Markup("</dl>");
    }

    private static void Verdict(HtmlText page, Verification verification, bool isStill)
    {
        bool exact = IsExact(verification);
        page.Line($"<div class=\"verdict {(exact ? "good" : "bad")}\" role=\"status\">");
        page.Line($"<strong>{(exact ? "✓ Exact" : "✗ Not exact")}</strong>");
        page.Markup("<ul>");
        Check(
            page,
            verification.FramesFound == verification.FramesExpected,
            isStill
                ? "one picture in, one picture out"
                : $"frames: {verification.FramesFound:N0} of {verification.FramesExpected:N0}, each once, in order"
        );
        if (!isStill)
        {
            Check(
                page,
                verification.TimestampsEqual,
                verification.TimestampsEqual
                    ? "timestamps: every one equal to the target's"
                    : "timestamps differ from the target's"
            );
            Check(
                page,
                verification.StreamsKept && verification.AudioVideoShiftMicroseconds == 0,
                verification.StreamsKept
                    ? $"sound and other streams: copied, shift {verification.AudioVideoShiftMicroseconds} µs"
                    : "sound or other streams are missing"
            );
        }

        page.Markup("</ul>");
        if (verification.Note.Length > 0)
        {
            page.Line($"<p>{verification.Note}</p>");
        }

        page.Markup("</div>");
    }

    private static void Check(HtmlText page, bool holds, string sentence) =>
        page.Line($"<li>{(holds ? "✓" : "✗")} {sentence}</li>");

    private static void Tile(HtmlText page, string name, string value, string note) =>
        page.Line($"<div><dt>{name}</dt><dd>{value}</dd><dd class=\"note\">{note}</dd></div>");

    private static void Warnings(HtmlText page, IReadOnlyList<string> warnings)
    {
        page.Markup("<section class=\"warnings\" aria-label=\"Warnings\"><h2>Worth knowing</h2><ul>");
        foreach (string warning in warnings)
        {
            page.Line($"<li>{warning}</li>");
        }

        page.Markup("</ul></section>");
    }

    private static void Foot(HtmlText page, JobReport report)
    {
        page.Markup("<footer>");
        if (report.Recipe.Processors.Any(p => p is SwapStep))
        {
            page.Markup(
                "<p><strong>The result is AI-manipulated media.</strong> Whoever shows it must say so where the law asks for it.</p>"
            );
        }

        page.Line(
            $"<p>Target SHA-256 <code>{report.TargetSha256}</code><br>Result SHA-256 <code>{report.ResultSha256}</code></p>"
        );
        page.Markup("</footer>");
    }
}
