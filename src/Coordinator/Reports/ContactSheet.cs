using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>The worst and the median faces of a job, before beside after.</summary>
internal static class ContactSheet
{
    private const int PairsPerRow = 6;

    public static void Write(HtmlText page, JobReport report, IReadOnlyList<ChunkReport> chunks)
    {
        // A report of a redacted video must not bring back the faces that were covered.
        if (report.Recipe.Processors.Any(p => p is RedactStep))
        {
            return;
        }

        List<CropPair> pairs = [.. chunks.SelectMany(c => c.Crops)];
        if (pairs.Count == 0)
        {
            return;
        }

        List<CropPair> worst =
        [
            .. InTurns(pairs.OrderBy(p => p.After).ThenBy(p => p.Frame)).Take(PairsPerRow).OrderBy(p => p.After),
        ];
        float middle = JobReportBuilder.Median(report.Identity.Select(s => s.After)) ?? 0;
        List<CropPair> median =
        [
            .. InTurns(pairs.Except(worst).OrderBy(p => Math.Abs(p.After - middle)).ThenBy(p => p.Frame))
                .Take(PairsPerRow)
                .OrderBy(p => p.Frame),
        ];
        page.Markup("<section><h2>Before and after</h2>");
        Row(page, "The worst frames", "lowest likeness to the source after fusing", worst, report);
        if (median.Count > 0)
        {
            Row(page, "Typical frames", "nearest to the median", median, report);
        }

        page.Markup("</section>");
    }

    /// <summary>Everybody's first, then everybody's second, and so on: one person whose likeness is low must not fill the sheet.</summary>
    private static IEnumerable<CropPair> InTurns(IEnumerable<CropPair> ordered) =>
        ordered
            .GroupBy(pair => pair.Person)
            .SelectMany(own => own.Select((pair, turn) => (Pair: pair, Turn: turn)))
            .OrderBy(p => p.Turn)
            .Select(p => p.Pair);

    private static void Row(HtmlText page, string title, string note, List<CropPair> pairs, JobReport report)
    {
        double framesPerSecond = report.Format.FrameRate.ToDouble();
        page.Line($"<h3>{title} <small>{note}</small></h3>\n<div class=\"pairs\">");
        foreach (CropPair pair in pairs)
        {
            string at =
                report.Format.IsStill || framesPerSecond <= 0
                    ? ""
                    : $" · about {SvgPlot.Clock(pair.Frame / framesPerSecond, tenths: true)}";
            page.Markup("<figure><div class=\"pair\">");
            Picture(page, pair.BeforePng, $"person {pair.Person} before, frame {pair.Frame}");
            Picture(page, pair.AfterPng, $"person {pair.Person} after, frame {pair.Frame}");
            page.Markup("</div>");
            page.Line(
                $"<figcaption>frame {pair.Frame}{at}<br>person {pair.Person} · cosine {pair.After:0.00}</figcaption></figure>"
            );
        }

        page.Markup("</div>");
    }

    private static void Picture(HtmlText page, byte[] png, string alternative) =>
        page.Line($"<img alt=\"{alternative}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">");
}
