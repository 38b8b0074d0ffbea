namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>One line of a plot: a value at some frames. Drawn as the median per column with a band from lowest to highest.</summary>
/// <param name="Name">Shown in the legend.</param>
/// <param name="Style">CSS class of line and band: <c>after</c>, <c>before</c>, <c>old</c>, <c>found</c> or <c>fused</c>.</param>
/// <param name="Points">Frame number and value, by frame.</param>
internal sealed record PlotLine(string Name, string Style, IReadOnlyList<(int Frame, double Value)> Points);

/// <summary>A bar over a range of frames.</summary>
internal sealed record PlotBar(int Start, int End, double Value, string Title);

/// <summary>Plots over the target's time axis as inline SVG, styled by the page, read aloud by their title and description.</summary>
internal sealed class SvgPlot(int frames, double framesPerSecond, double low, double high, double smallestTick = 0)
{
    private const double Width = 720;
    private const double Height = 180;
    private const double Left = 44;
    private const double Bottom = 24;
    private const double Top = 8;
    private const double Right = 22;
    private const int Columns = 400;

    public HtmlText Lines(string title, IReadOnlyList<PlotLine> lines, IReadOnlyList<int> chunkStarts)
    {
        string description = string.Join("; ", lines.Select(Describe));
        HtmlText svg = Open(title, description);
        foreach (int start in chunkStarts.Where(s => s > 0))
        {
            svg.Line(
                $"<line class=\"chunk\" x1=\"{X(start):0.#}\" x2=\"{X(start):0.#}\" y1=\"{Top:0}\" y2=\"{Height - Bottom:0}\"/>"
            );
        }

        foreach (PlotLine line in lines)
        {
            Draw(svg, line);
        }

        svg.Markup("</svg>");
        Legend(svg, lines);
        return svg;
    }

    public HtmlText Bars(string title, string unit, IReadOnlyList<PlotBar> bars)
    {
        HtmlText svg = Open(
            title,
            bars.Count == 0 ? "no chunks" : $"{bars.Min(b => b.Value):0.#} to {bars.Max(b => b.Value):0.#} {unit}"
        );
        foreach (PlotBar bar in bars)
        {
            double y = Y(bar.Value);
            double width = Math.Max(0.8, X(bar.End) - X(bar.Start) - 1);
            svg.Line(
                $"<rect class=\"bar\" x=\"{X(bar.Start):0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{Height - Bottom - y:0.#}\"><title>{bar.Title}</title></rect>"
            );
        }

        svg.Markup("</svg>");
        return svg;
    }

    private HtmlText Open(string title, string description)
    {
        HtmlText svg = new();
        svg.Line(
            $"<svg class=\"plot\" viewBox=\"0 0 {Width:0} {Height:0}\" role=\"img\" aria-label=\"{title}: {description}\"><title>{title}</title>"
        );
        foreach (double tick in Ticks(low, high, smallestTick))
        {
            svg.Line(
                $"<line class=\"grid\" x1=\"{Left:0}\" x2=\"{Width - Right:0}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>"
            );
            svg.Line($"<text class=\"tick end\" x=\"{Left - 6:0}\" y=\"{Y(tick) + 4:0.#}\">{tick:0.##}</text>");
        }

        double seconds = framesPerSecond > 0 ? frames / framesPerSecond : frames;
        foreach (double tick in Ticks(0, seconds))
        {
            double x = Left + (tick / Math.Max(seconds, 1e-9) * (Width - Left - Right));
            svg.Line($"<text class=\"tick middle\" x=\"{x:0.#}\" y=\"{Height - 7:0}\">{Clock(tick)}</text>");
        }

        return svg;
    }

    private void Draw(HtmlText svg, PlotLine line)
    {
        List<(double X, double Low, double Mid, double High)> columns = Condense(line.Points);
        if (columns.Any(c => c.High > c.Low))
        {
            IEnumerable<string> band = columns
                .Select(c => $"{c.X:0.#},{Y(c.High):0.#}")
                .Concat(columns.AsEnumerable().Reverse().Select(c => $"{c.X:0.#},{Y(c.Low):0.#}"));
            svg.Line($"<polygon class=\"band {line.Style}\" points=\"{string.Join(' ', band)}\"/>");
        }

        if (columns.Count == 1)
        {
            svg.Line(
                $"<circle class=\"dot {line.Style}\" cx=\"{columns[0].X:0.#}\" cy=\"{Y(columns[0].Mid):0.#}\" r=\"3\"/>"
            );
            return;
        }

        svg.Line(
            $"<polyline class=\"line {line.Style}\" points=\"{string.Join(' ', columns.Select(c => $"{c.X:0.#},{Y(c.Mid):0.#}"))}\"/>"
        );
    }

    /// <summary>At most <see cref="Columns"/> columns, so that an hour of video makes no larger page than a minute.</summary>
    private List<(double X, double Low, double Mid, double High)> Condense(
        IReadOnlyList<(int Frame, double Value)> points
    ) =>
        [
            .. points
                .GroupBy(p => points.Count <= Columns ? p.Frame : (int)((long)p.Frame * Columns / Math.Max(frames, 1)))
                .Select(column =>
                {
                    double[] values = [.. column.Select(p => p.Value).Order()];
                    return (X(column.Average(p => p.Frame)), values[0], values[(values.Length - 1) / 2], values[^1]);
                }),
        ];

    private static void Legend(HtmlText page, IReadOnlyList<PlotLine> lines)
    {
        page.Markup("<ul class=\"legend\">");
        foreach (PlotLine line in lines)
        {
            page.Line($"<li><span class=\"key {line.Style}\"></span>{line.Name}</li>");
        }

        page.Markup("</ul>");
    }

    private static string Describe(PlotLine line)
    {
        double[] sorted = [.. line.Points.Select(p => p.Value).Order()];
        return sorted.Length == 0
            ? $"{line.Name}: nothing measured"
            : $"{line.Name}: {sorted[0]:0.##} to {sorted[^1]:0.##}, median {sorted[(sorted.Length - 1) / 2]:0.##}";
    }

    private double X(double frame) => Left + (frame / Math.Max(frames, 1) * (Width - Left - Right));

    private double Y(double value) =>
        Top + ((1 - ((Math.Clamp(value, low, high) - low) / (high - low))) * (Height - Top - Bottom));

    /// <summary>Three to six round values from <paramref name="from"/> to <paramref name="to"/>.</summary>
    internal static IEnumerable<double> Ticks(double from, double to, double smallest = 0)
    {
        double span = to - from;
        if (!(span > 0))
        {
            return [from];
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        double round = (span / 4 / power) switch
        {
            < 1.5 => 1,
            < 3.5 => 2,
            < 7.5 => 5,
            _ => 10,
        };
        double step = Math.Max(smallest, power * round);
        double first = Math.Ceiling((from / step) - 1e-9);
        return Enumerable.Range(0, (int)Math.Floor((to / step) + 1e-9 - first) + 1).Select(i => (first + i) * step);
    }

    /// <summary>Seconds as a player shows them.</summary>
    internal static string Clock(double seconds, bool tenths = false)
    {
        TimeSpan time = TimeSpan.FromSeconds(seconds);
        return time.TotalHours >= 1
            ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
            : $"{(int)time.TotalMinutes}:{time.Seconds:00}{(tenths || seconds % 1 > 1e-6 ? $".{(int)((seconds % 1 * 10) + 1e-6)}" : "")}";
    }
}
