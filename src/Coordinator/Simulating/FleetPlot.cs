using FaceFusion.Batch.Coordinator.Reports;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>One line of a <see cref="FleetPlot"/>.</summary>
/// <param name="Name">Shown beside the plot.</param>
/// <param name="Style">Class of the line: <c>after</c>, <c>before</c> or <c>old</c>.</param>
/// <param name="Points">By x.</param>
internal sealed record FleetLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A plot of lines as SVG; x may go by powers. Styled by the page, or by itself where it stands alone.</summary>
internal sealed class FleetPlot(string title, string unitX, string unitY, bool isLogX)
{
    public const int Width = 720;
    public const int Height = 250;
    private const double Left = 64;
    private const double Right = 20;
    private const double Top = 34;
    private const double Bottom = 46;

    private double _lowX;
    private double _highX;
    private double _highY;

    /// <param name="into">Where the markup goes.</param>
    /// <param name="lines">What to draw; those without points are left out.</param>
    /// <param name="mark">An x with a line of its own, and what it is.</param>
    /// <param name="y">Where the plot begins, in a picture of several.</param>
    public void Write(HtmlText into, IReadOnlyList<FleetLine> lines, (double X, string Name)? mark = null, int y = 0)
    {
        FleetLine[] drawn = [.. lines.Where(line => line.Points.Count > 0)];
        IEnumerable<(double X, double Y)> all = drawn.SelectMany(line => line.Points);
        _lowX = all.Min(p => p.X);
        _highX = Math.Max(all.Max(p => p.X), _lowX + 1e-9);
        _highY = Math.Max(all.Max(p => p.Y) * 1.05, 1e-9);
        into.Line(
            $"<svg class=\"plot\" viewBox=\"0 0 {Width} {Height}\" y=\"{y}\" height=\"{Height}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
        );
        into.Line($"<text class=\"tick name\" x=\"{Left:0}\" y=\"16\">{title}</text>");
        Axes(into);
        if (mark is { } at && at.X >= _lowX && at.X <= _highX)
        {
            into.Line(
                $"<line class=\"chunk\" x1=\"{X(at.X):0.#}\" x2=\"{X(at.X):0.#}\" y1=\"{Top:0}\" y2=\"{Height - Bottom:0}\"/>"
            );
            into.Line($"<text class=\"tick\" x=\"{X(at.X) + 5:0.#}\" y=\"{Top + 12:0}\">{at.Name}</text>");
        }

        double keyX = Width - Right;
        foreach (FleetLine line in drawn.Reverse())
        {
            string points = string.Join(
                ' ',
                line.Points.Select(p => FormattableString.Invariant($"{X(p.X):0.#},{Y(p.Y):0.#}"))
            );
            into.Line($"<polyline class=\"line {line.Style}\" points=\"{points}\"/>");
            keyX -= 7.2 * line.Name.Length;
            into.Line($"<text class=\"tick\" x=\"{keyX:0}\" y=\"16\">{line.Name}</text>");
            into.Line(
                $"<line class=\"line {line.Style}\" x1=\"{keyX - 26:0}\" x2=\"{keyX - 6:0}\" y1=\"12\" y2=\"12\"/>"
            );
            keyX -= 44;
        }

        into.Markup("</svg>");
    }

    private void Axes(HtmlText into)
    {
        foreach (double tick in SvgPlot.Ticks(0, _highY))
        {
            into.Line(
                $"<line class=\"grid\" x1=\"{Left:0}\" x2=\"{Width - Right:0}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>"
            );
            into.Line($"<text class=\"tick end\" x=\"{Left - 8:0}\" y=\"{Y(tick) + 4:0.#}\">{Short(tick)}</text>");
        }

        double nextFree = double.NegativeInfinity;
        foreach (double tick in TicksX())
        {
            double x = X(tick);
            if (x >= nextFree)
            {
                into.Line(
                    $"<text class=\"tick middle\" x=\"{x:0.#}\" y=\"{Height - Bottom + 18:0}\">{Short(tick)}</text>"
                );
                nextFree = x + 44;
            }
        }

        into.Line(
            $"<text class=\"tick middle\" x=\"{(Left + Width - Right) / 2:0}\" y=\"{Height - 8}\">{unitX}</text>"
        );
        into.Line($"<text class=\"tick\" x=\"{Left:0}\" y=\"{Top - 4:0}\">{unitY}</text>");
    }

    private IEnumerable<double> TicksX()
    {
        if (!isLogX)
        {
            return SvgPlot.Ticks(_lowX, _highX);
        }

        IEnumerable<double> round = Enumerable
            .Range(-2, 12)
            .SelectMany(power => new[] { 1.0, 2, 5 }.Select(n => n * Math.Pow(10, power)))
            .Where(n => n >= _lowX * 0.999 && n <= _highX * 1.001);
        return round;
    }

    private double X(double x) =>
        Left
        + (
            (Width - Left - Right)
            * (isLogX ? Math.Log(x / _lowX) / Math.Log(_highX / _lowX) : (x - _lowX) / (_highX - _lowX))
        );

    private double Y(double y) => Top + ((Height - Top - Bottom) * (1 - (Math.Clamp(y, 0, _highY) / _highY)));

    private static string Short(double value) =>
        value >= 1e6 ? FormattableString.Invariant($"{value / 1e6:0.##}M")
        : value >= 1e4 ? FormattableString.Invariant($"{value / 1e3:0.#}k")
        : FormattableString.Invariant($"{value:0.##}");
}
