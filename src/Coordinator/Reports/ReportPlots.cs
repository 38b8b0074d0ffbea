using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>The plots over time: likeness, faces, speed.</summary>
internal static class ReportPlots
{
    /// <summary>More people than this would make a page nobody reads; the JSON report has all of them.</summary>
    private const int PeopleShown = 6;

    public static void Write(HtmlText page, JobReport report, IReadOnlyList<ChunkReport> chunks)
    {
        if (report.Format.IsStill)
        {
            return;
        }

        double framesPerSecond = report.Format.FrameRate.ToDouble();
        int[] starts = [.. chunks.Select(c => c.Range.Start)];
        page.Markup("<section><h2>Over time</h2>");
        foreach (
            IGrouping<int, IdentitySample> person in report
                .Identity.GroupBy(s => s.Person)
                .OrderBy(g => g.Key)
                .Take(PeopleShown)
        )
        {
            SvgPlot plot = new(report.Frames, framesPerSecond, -0.2, 1);
            PlotLine[] lines =
            [
                new("source and result", "after", [.. person.Select(s => (s.Frame, (double)s.After))]),
                new("source and target", "before", [.. person.Select(s => (s.Frame, (double)s.Before))]),
                new("result and target", "old", [.. person.Select(s => (s.Frame, (double)s.ToOld))]),
            ];
            Figure(
                page,
                $"Likeness of person {person.Key}",
                "Cosine of face embeddings: 1 is the same picture, above about 0.35 the same person. Dotted lines are chunk borders.",
                plot.Lines($"Likeness of person {person.Key}", lines, starts)
            );
        }

        Faces(page, report, chunks, framesPerSecond, starts);
        Speed(page, chunks, report.Frames, framesPerSecond);
        page.Markup("</section>");
    }

    private static void Faces(
        HtmlText page,
        JobReport report,
        IReadOnlyList<ChunkReport> chunks,
        double framesPerSecond,
        int[] starts
    )
    {
        bool redacts = report.Recipe.Processors.Any(p => p is RedactStep);
        SvgPlot plot = new(
            report.Frames,
            framesPerSecond,
            0,
            Math.Max(1, report.FacesPerFrame.DefaultIfEmpty().Max()) + 0.2,
            smallestTick: 1
        );
        PlotLine[] lines =
        [
            new("found", "found", Numbered(report.FacesPerFrame)),
            new(redacts ? "covered" : "fused", "fused", Numbered([.. chunks.SelectMany(c => c.FacesFused)])),
        ];
        Figure(page, "Faces in each frame", "", plot.Lines("Faces in each frame", lines, starts));
    }

    private static void Speed(HtmlText page, IReadOnlyList<ChunkReport> chunks, int frames, double framesPerSecond)
    {
        PlotBar[] bars =
        [
            .. chunks
                .Where(c => c.WallMilliseconds > 0)
                .Select(c =>
                {
                    double speed = c.Range.Length / c.WallMilliseconds * 1000;
                    return new PlotBar(
                        c.Range.Start,
                        c.Range.End,
                        speed,
                        $"chunk {c.ChunkIndex}, frames {c.Range}: {speed:0.0} frames/s"
                    );
                }),
        ];
        if (bars.Length > 0)
        {
            SvgPlot plot = new(frames, framesPerSecond, 0, bars.Max(b => b.Value) * 1.1);
            Figure(
                page,
                "Speed of each chunk",
                "Frames per second of one chunk; several run at a time.",
                plot.Bars("Speed of each chunk", "frames per second", bars)
            );
        }
    }

    private static (int Frame, double Value)[] Numbered(IReadOnlyList<int> values) =>
        [.. values.Select((value, frame) => (frame, (double)value))];

    private static void Figure(HtmlText page, string title, string note, HtmlText plot)
    {
        page.Line($"<figure class=\"wide\"><h3>{title}</h3>");
        page.Markup(plot);
        if (note.Length > 0)
        {
            page.Line($"<figcaption>{note}</figcaption>");
        }

        page.Markup("</figure>");
    }
}
