using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>The tables of the page.</summary>
internal static class ReportTables
{
    public static void People(HtmlText page, JobReport report)
    {
        if (report.People.Count == 0)
        {
            return;
        }

        bool classified = report.People.Any(p => p.Attributes is not null);
        page.Markup("<section><h2>People</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Person</th>");
        page.Markup(classified ? "<th scope=\"col\">Taken for</th>" : "");
        page.Markup("<th scope=\"col\">Gets</th><th class=\"n\" scope=\"col\">Frames fused</th>");
        page.Markup(
            "<th class=\"n\" scope=\"col\">Frames missed</th><th class=\"n\" scope=\"col\">Likeness before</th>"
        );
        page.Markup(
            "<th class=\"n\" scope=\"col\">after</th><th class=\"n\" scope=\"col\">result to target</th></tr></thead><tbody>"
        );
        foreach (PersonReport person in report.People)
        {
            page.Line($"<tr><th scope=\"row\">{person.Person}</th>");
            if (classified)
            {
                page.Line($"<td>{person.Attributes?.ToString() ?? "–"}</td>");
            }

            page.Line($"<td>{person.Identity ?? "left alone"}</td>");
            page.Line($"<td class=\"n\">{person.FramesFused:N0}</td><td class=\"n\">{person.FramesMissed:N0}</td>");
            page.Line(
                $"<td class=\"n\">{Cosine(person.MedianBefore)}</td><td class=\"n\">{Cosine(person.MedianAfter)}</td>"
            );
            page.Line($"<td class=\"n\">{Cosine(person.MedianToOld)}</td></tr>");
        }

        page.Markup("</tbody></table></div></section>");
    }

    public static void Stages(HtmlText page, JobReport report)
    {
        double total = report.StageMilliseconds.Values.Sum();
        if (total <= 0)
        {
            return;
        }

        page.Markup("<section><h2>Where the time went</h2><div class=\"scroll\"><table class=\"stages\"><thead><tr>");
        page.Markup("<th scope=\"col\">Stage</th><th class=\"n\" scope=\"col\">CPU s</th>");
        page.Markup("<th class=\"n\" scope=\"col\">ms/frame</th><th class=\"n\" scope=\"col\">Share</th>");
        page.Markup("<th scope=\"col\"><span class=\"hidden\">Bar</span></th></tr></thead><tbody>");
        foreach ((string stage, double milliseconds) in report.StageMilliseconds.OrderByDescending(s => s.Value))
        {
            double share = milliseconds / total * 100;
            page.Line($"<tr><th scope=\"row\">{stage}</th><td class=\"n\">{milliseconds / 1000:0.00}</td>");
            page.Line(
                $"<td class=\"n\">{milliseconds / Math.Max(report.Frames, 1):0.00}</td><td class=\"n\">{share:0.0} %</td>"
            );
            page.Line($"<td class=\"bar\"><div style=\"width:{share:0.0}%\"></div></td></tr>");
        }

        page.Line(
            $"</tbody><tfoot><tr><th scope=\"row\">all stages</th><td class=\"n\">{total / 1000:0.00}</td><td class=\"n\">{total / Math.Max(report.Frames, 1):0.00}</td><td></td><td></td></tr></tfoot></table></div></section>"
        );
    }

    public static void Gates(HtmlText page, JobReport report)
    {
        page.Markup("<section><h2>Gates</h2><ul class=\"gates\">");
        foreach (GateVerdict gate in report.Gates)
        {
            string sign = gate.Verdict switch
            {
                "passed" => "✓",
                "declined" => "✗",
                _ => "○",
            };
            page.Line(
                $"<li><span aria-hidden=\"true\">{sign}</span> <strong>{gate.Gate}</strong>: {gate.Verdict.Replace('-', ' ')}. {gate.Note}</li>"
            );
        }

        page.Markup("</ul></section>");
    }

    public static void Models(HtmlText page, JobReport report, IReadOnlyDictionary<string, string> licences)
    {
        page.Markup("<section><h2>Models</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Model</th>");
        page.Markup("<th scope=\"col\">Licence</th><th scope=\"col\">SHA-256</th></tr></thead><tbody>");
        foreach ((string id, string hash) in report.Models.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            string licence = licences.GetValueOrDefault(id, "not stated");
            page.Line($"<tr><th scope=\"row\">{id}</th><td>{licence}</td><td><code>{hash}</code></td></tr>");
        }

        page.Markup("</tbody></table></div></section>");
    }

    public static void Chunks(HtmlText page, JobReport report)
    {
        page.Line(
            $"<section><details><summary><h2>Chunks ({report.Chunks.Count})</h2></summary><div class=\"scroll\"><table><thead><tr>"
        );
        page.Markup(
            "<th class=\"n\" scope=\"col\">Chunk</th><th scope=\"col\">Frames</th><th class=\"n\" scope=\"col\">Attempt</th>"
        );
        page.Markup(
            "<th scope=\"col\">Worker</th><th scope=\"col\">Device</th><th class=\"n\" scope=\"col\">Seconds</th><th scope=\"col\">Hash of the frames</th></tr></thead><tbody>"
        );
        foreach (ChunkSummary chunk in report.Chunks)
        {
            page.Line(
                $"<tr><th class=\"n\" scope=\"row\">{chunk.Index}</th><td>{Frames(chunk.Range)}</td><td class=\"n\">{chunk.Attempt}</td>"
            );
            page.Line(
                $"<td>{chunk.WorkerId}</td><td>{(chunk.Device.Length > 0 ? chunk.Device : "–")}</td><td class=\"n\">{chunk.Seconds:0.00}</td><td><code>{chunk.FramesHash}</code></td></tr>"
            );
        }

        page.Markup("</tbody></table></div></details></section>");
    }

    public static void Facts(HtmlText page, JobReport report)
    {
        VideoFormat format = report.Format;
        page.Markup("<section><details><summary><h2>Recipe, format and versions</h2></summary><dl class=\"facts\">");
        Fact(page, "Picture", $"{format.Width} × {format.Height}, {format.PixelFormat}, {format.Codec}");
        if (report.OutputScale != 1)
        {
            Fact(
                page,
                "Result",
                $"{format.Width * report.OutputScale} × {format.Height * report.OutputScale}, enlarged {report.OutputScale} times"
            );
        }

        if (!format.IsStill)
        {
            Fact(page, "Frame rate", $"{format.FrameRate.ToDouble():0.###} fps nominal, time base {format.TimeBase}");
        }

        Fact(
            page,
            "Colour",
            $"{format.ColorSpace}, {format.ColorTransfer}, {format.ColorPrimaries}, range {format.ColorRange}"
        );
        if (report.Devices.Count > 0)
        {
            Fact(page, "Models ran on", string.Join("; ", report.Devices));
        }

        foreach ((string name, string version) in report.Versions.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            Fact(page, name, version);
        }

        page.Line($"</dl><pre>{RecipeJson.Write(report.Recipe)}</pre></details></section>");
    }

    private static void Fact(HtmlText page, string name, string value) =>
        page.Line($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private static string Cosine(float? value) => value is null ? "–" : $"{value:0.00}";

    private static string Frames(FrameRange range) => $"{range.Start:N0} to {range.End - 1:N0}";
}
