using System.Globalization;
using FaceFusion.Batch.Cli.Terminals;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>A benchmark's figures for people.</summary>
internal static class BenchTables
{
    private const int BarWidth = 40;

    public static void Print(Terminal terminal, BenchAnswer answer)
    {
        terminal.Line($"networks {answer.Networks} on {answer.Device}; {answer.Cores} cores; {answer.Encoder}");
        terminal.Line($"{answer.Frames} frames, median of {answer.Repeat}; runtime {answer.Runtime}; {answer.Ffmpeg}");
        foreach ((string batch, double rate) in answer.SwapperAlone)
        {
            terminal.Line($"swapper alone, {batch} at a time: {Number(rate)} faces/s");
        }

        Table table = new() { Border = TableBorder.Simple };
        _ = table.AddColumn("Size");
        foreach (string column in (string[])["Job", "Chunks", "Decode", "Analyse", "Fuse", "Encode", "Pipe"])
        {
            _ = table.AddColumn(new TableColumn($"{column} /s").RightAligned());
        }

        _ = table.AddColumn("Bound").AddColumn("Job/bound").AddColumn("Job/cores").AddColumn("Job/pipe");
        foreach (BenchResult r in answer.Results)
        {
            _ = table.AddRow(
                r.Size,
                Number(r.Job),
                Number(r.ChunksOnly),
                Alone(r, "decode"),
                Alone(r, "analyse"),
                Alone(r, "fuse"),
                Alone(r, "encode"),
                Number(r.Pipe),
                r.BoundStage ?? "",
                Percent(r.RatioToBound),
                Percent(r.RatioToCores),
                Percent(r.RatioToPipe)
            );
        }

        terminal.Tables.Write(table);
        foreach (BenchResult r in answer.Results)
        {
            PrintStages(terminal, r);
        }

        if (answer.RatioToSwapper is { } ratio)
        {
            terminal.Line($"faces of the job over the swapper's best rate alone: {Percent(ratio)}");
        }

        terminal.Line($"memory of this process: at most {Number(answer.PeakMebibytes)} MiB");
    }

    /// <summary>What changed against an earlier run; positive: faster now.</summary>
    public static void Compare(Terminal terminal, IReadOnlyList<BenchChange> changes)
    {
        Table table = new Table { Border = TableBorder.Simple }
            .AddColumn("Figure")
            .AddColumn(new TableColumn("Then").RightAligned())
            .AddColumn(new TableColumn("Now").RightAligned())
            .AddColumn(new TableColumn("Change").RightAligned());
        foreach (BenchChange change in changes)
        {
            _ = table.AddRow(
                change.Figure,
                Number(change.Then),
                Number(change.Now),
                string.Create(CultureInfo.InvariantCulture, $"{100 * change.Change:+0;-0;0} %")
            );
        }

        terminal.Tables.Write(table);
    }

    /// <summary>Where a frame's CPU time and the job's time went, its children, batches and the GPU.</summary>
    private static void PrintStages(Terminal terminal, BenchResult result)
    {
        PrintBars(
            terminal,
            whole => $"{result.Size}: {whole:0.00} ms of CPU for a frame of the job",
            "ms",
            result.CpuMilliseconds.OrderByDescending(s => s.Value).Select(s => (s.Key, s.Value))
        );
        PrintBars(
            terminal,
            whole => $"  {whole:0.00} s from submission to result",
            "s",
            result.Phases.Select(p => (p.Name, p.Seconds))
        );
        PrintChildren(terminal, result);
        foreach ((string model, IReadOnlyList<long> rounds) in result.Batches)
        {
            string used = string.Join(
                ", ",
                rounds
                    .Select((count, rows) => (count, rows))
                    .Where(r => r.count > 0)
                    .Select(r => $"{r.rows}: {r.count}")
            );
            terminal.Line($"  batches of {model} by rows in use: {used}");
        }

        if (result.Gpu is { } gpu)
        {
            terminal.Line(
                $"  GPU: busy {Number(gpu.MeanPercent)} % on average, {Number(gpu.MostPercent)} % at most; {Number(gpu.MostMebibytes)} MiB"
            );
        }
    }

    /// <summary>One bar for each part, as wide as its share; nothing where there are no parts.</summary>
    private static void PrintBars(
        Terminal terminal,
        Func<double, FormattableString> title,
        string unit,
        IEnumerable<(string Name, double Value)> parts
    )
    {
        (string Name, double Value)[] all = [.. parts];
        if (all.Length == 0)
        {
            return;
        }

        double whole = Math.Max(1e-9, all.Sum(part => part.Value));
        terminal.Line(title(whole).ToString(CultureInfo.InvariantCulture));
        foreach ((string name, double value) in all)
        {
            int width = (int)Math.Round(BarWidth * value / whole);
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {name, -10} {new string('█', width).PadRight(BarWidth)} {value, 8:0.000} {unit, -2} {100 * value / whole, 5:0.0} %"
                )
            );
        }
    }

    private static void PrintChildren(Terminal terminal, BenchResult result)
    {
        if (result.Children.Count == 0)
        {
            return;
        }

        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  CPU of the pipe {result.PipeCpu:0.00} s, of the job {result.JobCpu:0.00} s, {result.OwnCpu:0.00} s of it in this process"
            )
        );
        foreach ((string name, ChildRuns runs) in result.Children.OrderByDescending(c => c.Value.CpuSeconds))
        {
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {runs.Count, 3} × {name, -28} {runs.Seconds, 7:0.00} s, {runs.CpuSeconds, 6:0.00} s of CPU"
                )
            );
        }
    }

    private static string Alone(BenchResult result, string stage) =>
        result.Alone.TryGetValue(stage, out double rate) ? Number(rate) : "";

    private static string Number(double? value) => value is { } known ? Number(known) : "";

    private static string Percent(double? ratio) => ratio is { } known ? Percent(known) : "";

    private static string Number(double value) =>
        value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);

    private static string Percent(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0} %");
}
