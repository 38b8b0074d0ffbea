using FaceFusion.Batch.Coordinator.Reports;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>Simulated fleets as one HTML page that stands alone, or as one SVG picture.</summary>
public static class SimulationReport
{
    private const string PictureStyle = """
        text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #5c5a55; } .name { font-weight: 600; fill: #1d1c1a; }
        .grid { stroke: #dedbd4; } .chunk { stroke: #5c5a55; stroke-dasharray: 2 4; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .after { stroke: #0b6e65; } .before { stroke: #b4530a; } .old { stroke: #6b6a72; stroke-dasharray: 5 3; }
        .end { text-anchor: end; } .middle { text-anchor: middle; }
        """;

    /// <param name="scenario">What was simulated, but for the number of workers.</param>
    /// <param name="runs">By workers; at least one.</param>
    /// <param name="sweeps">May be empty.</param>
    public static string WritePage(Scenario scenario, IReadOnlyList<SimulatedRun> runs, IReadOnlyList<Sweep> sweeps)
    {
        HtmlText page = new();
        page.Markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
        page.Markup(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        );
        page.Markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Markup(
            $"<title>Simulated fleet</title><style>{ReportStyle.Css}\n.plot .name {{ font-weight: 600; fill: var(--ink); }}</style>"
        );
        page.Markup("</head>\n<body>\n<main>");
        page.Line(
            $"<header><p class=\"eyebrow\">FaceFusion.Batch · simulated, seed {scenario.Seed}</p><h1>{runs[^1].Jobs:N0} jobs on up to {runs.Max(r => r.Workers):N0} workers</h1></header>"
        );
        Fleets(page, runs);
        foreach ((FleetPlot plot, IReadOnlyList<FleetLine> lines, (double, string)? mark) in Plots(runs, sweeps))
        {
            page.Markup("<section>");
            plot.Write(page, lines, mark);
            page.Markup("</section>");
        }

        Waits(page, "Waits by priority", runs[^1].ByPriority);
        Waits(page, "Waits by tenant", runs[^1].ByTenant);
        page.Line(
            $"<section><details><summary><h2>Scenario</h2></summary><pre>{ScenarioFile.Write(scenario)}</pre></details></section>"
        );
        page.Markup("</main>\n</body>\n</html>");
        return page.ToString();
    }

    /// <summary>The plots of <see cref="WritePage"/> in one picture, light, with its styles inside.</summary>
    public static string WritePicture(IReadOnlyList<SimulatedRun> runs, IReadOnlyList<Sweep> sweeps)
    {
        (FleetPlot Plot, IReadOnlyList<FleetLine> Lines, (double, string)? Mark)[] plots = [.. Plots(runs, sweeps)];
        HtmlText picture = new();
        int height = plots.Length * FleetPlot.Height;
        picture.Line(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{FleetPlot.Width}\" height=\"{height}\" viewBox=\"0 0 {FleetPlot.Width} {height}\">"
        );
        picture.Markup($"<style>{PictureStyle}</style><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        for (int i = 0; i < plots.Length; i++)
        {
            plots[i].Plot.Write(picture, plots[i].Lines, plots[i].Mark, i * FleetPlot.Height);
        }

        picture.Markup("</svg>");
        return picture.ToString();
    }

    private static IEnumerable<(FleetPlot Plot, IReadOnlyList<FleetLine> Lines, (double, string)? Mark)> Plots(
        IReadOnlyList<SimulatedRun> runs,
        IReadOnlyList<Sweep> sweeps
    )
    {
        if (runs.Count > 1)
        {
            yield return (
                new FleetPlot("Efficiency of fleets", "workers", "% of paid slot time that goes into frames", true),
                [new("efficiency", "after", [.. runs.Select(r => ((double)r.Workers, 100 * r.Efficiency))])],
                null
            );
        }

        SimulatedRun last = runs[^1];
        double unit =
            last.Makespan > 7200 ? 3600
            : last.Makespan > 300 ? 60
            : 1;
        string unitName =
            unit == 3600 ? "hours"
            : unit == 60 ? "minutes"
            : "seconds";
        yield return (
            new FleetPlot($"Slots over time, {last.Workers:N0} workers", unitName, "slots", false),
            [
                new("paid for", "old", [.. last.Timeline.Select(t => (t.At / unit, t.Slots))]),
                new("at work", "after", [.. last.Timeline.Select(t => (t.At / unit, t.Busy))]),
            ],
            null
        );
        yield return (
            new FleetPlot("Jobs that are not over", unitName, "jobs", false),
            [new("open jobs", "before", [.. last.Timeline.Select(t => (t.At / unit, t.OpenJobs))])],
            null
        );
        foreach (Sweep sweep in sweeps)
        {
            yield return (
                new FleetPlot(sweep.Name, sweep.Unit, "seconds", true),
                [
                    new("makespan", "after", [.. sweep.Points.Select(p => (p.Value, p.Makespan))]),
                    new(
                        "formula",
                        "old",
                        [.. sweep.Points.Where(p => p.Predicted is not null).Select(p => (p.Value, p.Predicted!.Value))]
                    ),
                    new(
                        "wait of urgent jobs",
                        "before",
                        sweep.Optimum is null ? [.. sweep.Points.Select(p => (p.Value, p.UrgentWait))] : []
                    ),
                ],
                sweep.Optimum is { } best ? (best, $"c* = {best:0}") : null
            );
        }
    }

    private static void Fleets(HtmlText page, IReadOnlyList<SimulatedRun> runs)
    {
        page.Markup(
            "<section><h2>Fleets</h2><div class=\"scroll\"><table><thead><tr><th class=\"n\">Workers</th><th class=\"n\">Jobs</th><th class=\"n\">Failed</th><th class=\"n\">Makespan, s</th><th class=\"n\">Frames/s</th><th class=\"n\">Efficiency</th><th class=\"n\">Slot hours</th><th class=\"n\">Wasted</th><th class=\"n\">Commits/s</th><th class=\"n\">Heartbeats/s</th><th class=\"n\">Polls/s</th></tr></thead><tbody>"
        );
        foreach (SimulatedRun run in runs)
        {
            page.Line(
                $"<tr><th class=\"n\">{run.Workers:N0}</th><td class=\"n\">{run.Jobs:N0}</td><td class=\"n\">{run.Failed:N0}</td><td class=\"n\">{run.Makespan:N0}</td><td class=\"n\">{run.FramesPerSecond:N0}</td><td class=\"n\">{run.Efficiency:P1}</td><td class=\"n\">{run.SlotHours:N1}</td><td class=\"n\">{run.WastedHours:N2}</td><td class=\"n\">{run.Load.Commits:N1}</td><td class=\"n\">{run.Load.HeartbeatsPeak:N0}</td><td class=\"n\">{run.Load.PollsPeak:N0}</td></tr>"
            );
        }

        page.Markup("</tbody></table></div></section>");
    }

    private static void Waits(HtmlText page, string title, IReadOnlyList<WaitGroup> groups)
    {
        page.Line($"<section><h2>{title}</h2><table><thead><tr><th></th>");
        page.Markup(
            "<th class=\"n\">Jobs</th><th class=\"n\">Wait, median s</th><th class=\"n\">95 %</th><th class=\"n\">longest</th><th class=\"n\">Submit to result, median s</th><th class=\"n\">95 %</th></tr></thead><tbody>"
        );
        foreach (WaitGroup group in groups)
        {
            page.Line(
                $"<tr><th>{group.Name}</th><td class=\"n\">{group.Jobs:N0}</td><td class=\"n\">{group.WaitMedian:N1}</td><td class=\"n\">{group.Wait95:N1}</td><td class=\"n\">{group.WaitLongest:N1}</td><td class=\"n\">{group.TurnaroundMedian:N1}</td><td class=\"n\">{group.Turnaround95:N1}</td></tr>"
            );
        }

        page.Markup("</tbody></table></section>");
    }
}
