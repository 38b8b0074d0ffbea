using System.Globalization;
using System.Text;
using FaceFusion.Batch.Cli.Terminals;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>A long run for people: a table, and a plot of rate and memory over time.</summary>
internal static class LongTables
{
    private const int MostRows = 12;
    private const int PlotWidth = 720;
    private const int PlotHeight = 260;
    private const int PlotEdge = 40;

    public static void Print(Terminal terminal, LongAnswer answer)
    {
        terminal.Line(
            Text($"{answer.Done} of {answer.Wanted} {answer.Unit} in {answer.Seconds:0} s")
                + (answer.Done < answer.Wanted ? "; cut, and not extrapolated" : "")
        );
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in (string[])["s", answer.Unit, "/s", "MiB", "heap MiB", "threads", "handles"])
        {
            _ = table.AddColumn(new TableColumn(column).RightAligned());
        }

        LongLook before = new(0, 0, 0, 0, 0, 0);
        int step = Math.Max(1, answer.Looks.Count / MostRows);
        foreach (LongLook look in answer.Looks.Where((_, i) => i % step == step - 1))
        {
            double rate = (look.Done - before.Done) / Math.Max(1e-9, look.Seconds - before.Seconds);
            _ = table.AddRow(
                Text($"{look.Seconds:0}"),
                Text($"{look.Done}"),
                Text($"{rate:0.0}"),
                Text($"{look.Mebibytes:0}"),
                Text($"{look.ManagedMebibytes:0}"),
                Text($"{look.Threads}"),
                Text($"{look.Handles}")
            );
            before = look;
        }

        terminal.Tables.Write(table);
        terminal.Line(
            Text(
                $"second quarter to last: {answer.RateThen:0.00} to {answer.RateNow:0.00} {answer.Unit}/s, at most {answer.Then.Mebibytes:0} to {answer.Now.Mebibytes:0} MiB, {answer.Then.Threads} to {answer.Now.Threads} threads, {answer.Then.Handles} to {answer.Now.Handles} handles"
            )
        );
    }

    /// <summary>Rate (blue) and resident memory (red) over time as an SVG picture, each from 0 to its greatest value.</summary>
    public static string Plot(LongAnswer answer)
    {
        double end = Math.Max(1e-9, answer.Looks[^1].Seconds);
        int span = Math.Max(1, answer.Looks.Count / 20);
        (double X, double Y)[] rates =
        [
            .. answer
                .Run.Skip(span)
                .Zip(
                    answer.Run,
                    (now, then) => (now.Seconds, (now.Done - then.Done) / Math.Max(1e-9, now.Seconds - then.Seconds))
                ),
        ];
        (double X, double Y)[] memory = [.. answer.Looks.Select(look => (look.Seconds, look.Mebibytes))];
        double mostRate = rates.Select(r => r.Y).DefaultIfEmpty(0).Max();
        double mostMemory = memory.Max(m => m.Y);
        StringBuilder svg = new();
        _ = svg.AppendLine(
            Text(
                $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {PlotWidth} {PlotHeight}\" font-family=\"sans-serif\" font-size=\"12\">"
            )
        );
        _ = svg.AppendLine(
            Text(
                $"<text x=\"{PlotEdge}\" y=\"20\" fill=\"#1f5fbf\">{answer.Unit}/s, 0 to {mostRate:0.0}</text><text x=\"{PlotWidth - PlotEdge}\" y=\"20\" fill=\"#bf1f1f\" text-anchor=\"end\">MiB, 0 to {mostMemory:0}</text>"
            )
        );
        _ = svg.AppendLine(
            Text(
                $"<path d=\"M{PlotEdge} {PlotEdge}V{PlotHeight - PlotEdge}H{PlotWidth - PlotEdge}\" fill=\"none\" stroke=\"#888\"/><text x=\"{PlotWidth - PlotEdge}\" y=\"{PlotHeight - 20}\" text-anchor=\"end\">{end:0} s, {answer.Done} of {answer.Wanted} {answer.Unit}</text>"
            )
        );
        Curve(svg, "#1f5fbf", rates, end, mostRate);
        Curve(svg, "#bf1f1f", memory, end, mostMemory);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Curve(StringBuilder svg, string color, (double X, double Y)[] points, double right, double top)
    {
        double width = PlotWidth - (2 * PlotEdge);
        double height = PlotHeight - (2 * PlotEdge);
        IEnumerable<string> places = points.Select(p =>
            Text(
                $"{PlotEdge + (width * p.X / right):0.0},{PlotHeight - PlotEdge - (height * p.Y / Math.Max(1e-9, top)):0.0}"
            )
        );
        _ = svg.AppendLine($"<polyline fill=\"none\" stroke=\"{color}\" points=\"{string.Join(' ', places)}\"/>");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
