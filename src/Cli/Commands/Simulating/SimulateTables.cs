using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Coordinator.Simulating;

namespace FaceFusion.Batch.Cli.Commands.Simulating;

/// <summary>Simulated fleets for people.</summary>
internal static class SimulateTables
{
    public static void Write(Terminal terminal, IReadOnlyList<SimulatedRun> runs, IReadOnlyList<Sweep> sweeps)
    {
        RowTable fleets = new(
            "WORKERS",
            "JOBS",
            "FAILED",
            "CHUNKS",
            "MAKESPAN",
            "FRAMES/S",
            "EFFICIENCY",
            "SLOT HOURS",
            "WASTED",
            "COMMITS/S",
            "PEAK",
            "HEARTBEATS/S",
            "POLLS/S"
        );
        foreach (SimulatedRun run in runs)
        {
            fleets.Add(
                [
                    $"{run.Workers:N0}",
                    $"{run.Jobs:N0}",
                    $"{run.Failed:N0}",
                    $"{run.Commits:N0}",
                    Time(run.Makespan),
                    $"{run.FramesPerSecond:N0}",
                    $"{100 * run.Efficiency:0.0} %",
                    $"{run.SlotHours:N1}",
                    $"{100 * run.WastedHours / Math.Max(1e-9, run.SlotHours):0.0} %",
                    $"{run.Load.Commits:N1}",
                    $"{run.Load.CommitsPeak:N1}",
                    $"{run.Load.HeartbeatsPeak:N0}",
                    $"{run.Load.PollsPeak:N0}",
                ],
                null
            );
        }

        fleets.WriteTo(terminal);
        SimulatedRun last = runs[^1];
        Waits(terminal, "PRIORITY", last.ByPriority);
        Waits(terminal, "TENANT", last.ByTenant);
        if (last.Scaling.Count > 0)
        {
            terminal.Line("");
            RowTable steps = new("AT", "WORKERS");
            foreach (ScaleStep step in last.Scaling.Take(40))
            {
                steps.Add([Time(step.At), $"{step.Workers:N0}"], null);
            }

            steps.WriteTo(terminal);
            if (last.Scaling.Count > 40)
            {
                terminal.Line($"… {last.Scaling.Count - 40} more; --output-format json has them all");
            }
        }

        foreach (Sweep sweep in sweeps)
        {
            terminal.Line("");
            RowTable points = new(sweep.Unit.ToUpperInvariant(), "MAKESPAN", "FORMULA", "URGENT WAIT", "WASTED HOURS");
            foreach (SweepPoint point in sweep.Points)
            {
                points.Add(
                    [
                        $"{point.Value:0.##}",
                        Time(point.Makespan),
                        point.Predicted is { } formula ? Time(formula) : "",
                        sweep.Optimum is null ? Time(point.UrgentWait) : "",
                        $"{point.WastedHours:0.00}",
                    ],
                    null
                );
            }

            points.WriteTo(terminal);
            terminal.Line(
                $"best: {sweep.Best.Value:0.##} {sweep.Unit}, {Time(sweep.Best.Makespan)}"
                    + (sweep.Optimum is { } optimum ? $"; the formula's optimum is {optimum:0}" : "")
            );
        }
    }

    private static void Waits(Terminal terminal, string heading, IReadOnlyList<WaitGroup> groups)
    {
        terminal.Line("");
        RowTable table = new(heading, "JOBS", "WAIT 50 %", "WAIT 95 %", "LONGEST", "RESULT 50 %", "RESULT 95 %");
        foreach (WaitGroup group in groups)
        {
            table.Add(
                [
                    group.Name,
                    $"{group.Jobs:N0}",
                    Time(group.WaitMedian),
                    Time(group.Wait95),
                    Time(group.WaitLongest),
                    Time(group.TurnaroundMedian),
                    Time(group.Turnaround95),
                ],
                null
            );
        }

        table.WriteTo(terminal);
    }

    private static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return seconds < 100 ? $"{seconds:0.0} s"
            : time.TotalHours < 1 ? $"{time.Minutes} min {time.Seconds:00} s"
            : $"{(int)time.TotalHours:N0} h {time.Minutes:00} min";
    }
}
