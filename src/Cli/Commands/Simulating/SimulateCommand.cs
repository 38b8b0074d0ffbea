using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Simulating;

namespace FaceFusion.Batch.Cli.Commands.Simulating;

/// <summary><c>ffb simulate</c>: what a fleet of any size would make of a load, by the Coordinator's own rules on virtual time.</summary>
internal sealed class SimulateCommand
{
    /// <summary>Without <c>--jobs</c> every fleet gets its own load, so that fleets can be compared.</summary>
    private const int JobsPerWorker = 8;

    private readonly Option<string> _workers = new("--workers")
    {
        Description = "Sizes of the fleets to simulate, up to 100000, with commas between",
        DefaultValueFactory = _ => "1,10,100,1000",
        HelpName = "N,N,...",
    };

    private readonly Option<int?> _jobs = JobOptions.Number(
        "--jobs",
        $"Jobs for every fleet alike (default: {JobsPerWorker} for each worker, or the scenario's)",
        1,
        5_000_000
    );

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "A JSON file with loads, costs, troubles and scaling; docs/simulator.md lists the fields",
        HelpName = "FILE",
    };

    private readonly Option<string?> _costs = new("--costs")
    {
        Description = "Take what stages cost from the report of a job (OUTPUT.report.json)",
        HelpName = "FILE",
    };

    private readonly Option<double?> _cores = new("--cores")
    {
        Description = "Cores that all slots share, as on one machine (default: each has its own device)",
        HelpName = "N",
    };

    private readonly Option<int?> _chunkFrames = JobOptions.ChunkFramesOption();

    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "Another draw of chances; the same seed always gives the same figures (default: 1)",
        HelpName = "N",
    };

    private readonly Option<bool> _sweep = new("--sweep")
    {
        Description = "Also try many lengths of chunks and many windows on the smallest fleet of more than one slot",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write tables and plots as an HTML page",
        HelpName = "FILE.html",
    };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Write the plots as a picture",
        HelpName = "FILE.svg",
    };

    public static Command Create()
    {
        SimulateCommand simulate = new();
        ExampledCommand command = new(
            "simulate",
            "Say what a fleet of any size would make of a load",
            "ffb simulate",
            "ffb simulate --workers 10,100,1000,10000 --report fleets.html",
            "ffb simulate --workers 50 --scenario load.json --sweep --plot fleet.svg",
            "ffb simulate --workers 4 --jobs 1 --cores 2 --costs out.mp4.report.json   # this machine, by what was measured on it"
        );
        command.Options.Add(simulate._workers);
        command.Options.Add(simulate._jobs);
        command.Options.Add(simulate._scenario);
        command.Options.Add(simulate._costs);
        command.Options.Add(simulate._cores);
        command.Options.Add(simulate._chunkFrames);
        command.Options.Add(simulate._seed);
        command.Options.Add(simulate._sweep);
        command.Options.Add(simulate._report);
        command.Options.Add(simulate._plot);
        command.SetAction(parsed => (int)simulate.Run(parsed, CommonOptions.Terminal(parsed)));
        return command;
    }

    private ExitCode Run(ParseResult parsed, Terminal terminal)
    {
        Scenario scenario = Read(parsed);
        bool hasOwnWorkers = parsed.GetResult(_workers) is { Implicit: false };
        int[] sizes =
            parsed.GetValue(_scenario) is null || hasOwnWorkers
                ? ReadSizes(parsed.GetRequiredValue(_workers))
                : [scenario.Workers];
        using Interrupts interrupts = new(() => { });
        List<SimulatedRun> runs = [];
        bool hasOwnJobs = parsed.GetValue(_jobs) is not null || parsed.GetValue(_scenario) is not null;
        foreach (int size in sizes)
        {
            Scenario own = scenario with
            {
                Workers = size,
                Jobs = hasOwnJobs ? scenario.Jobs : (int)Math.Min(5_000_000, (long)JobsPerWorker * Math.Max(1, size)),
            };
            runs.Add(
                FleetSimulator.Run(
                    own,
                    share =>
                        terminal.Note(FormattableString.Invariant($"{size} workers: {share:P0} of {own.Jobs:N0} jobs")),
                    interrupts.Stop
                )
            );
        }

        List<Sweep> sweeps = [];
        if (parsed.GetValue(_sweep))
        {
            int size = sizes.Where(s => s * scenario.SlotsPerWorker > 1).DefaultIfEmpty(4).Min();
            Scenario small = scenario with { Workers = size, Jobs = hasOwnJobs ? scenario.Jobs : JobsPerWorker * size };
            sweeps.Add(Sweep.OfChunks(small, interrupts.Stop));
            sweeps.Add(Sweep.OfWindows(small, interrupts.Stop));
        }

        Save(parsed.GetValue(_report), () => SimulationReport.WritePage(scenario, runs, sweeps));
        Save(parsed.GetValue(_plot), () => SimulationReport.WritePicture(runs, sweeps));
        terminal.Answer(new SimulateAnswer(scenario, runs, sweeps), text => SimulateTables.Write(text, runs, sweeps));
        return ExitCode.Ok;
    }

    private Scenario Read(ParseResult parsed)
    {
        Scenario scenario = parsed.GetValue(_scenario) is { } file ? ScenarioFile.Read(file) : new Scenario();
        scenario = scenario with
        {
            Jobs = parsed.GetValue(_jobs) ?? scenario.Jobs,
            Cores = parsed.GetValue(_cores) ?? scenario.Cores,
            ChunkFrames = parsed.GetValue(_chunkFrames) ?? scenario.ChunkFrames,
            Seed = parsed.GetValue(_seed) ?? scenario.Seed,
        };
        if (parsed.GetValue(_costs) is { } report)
        {
            JobReport measured = ReadReport(report);
            scenario = scenario with
            {
                FramesMedian = Math.Max(1, measured.Frames),
                FramesSpread = 0,
                Costs = scenario.Cores is null
                    ? MeasuredCosts.OfSlots(measured, scenario.Costs)
                    : MeasuredCosts.OfCores(measured, scenario.Costs with { ColdStart = 0, Hop = 0 }),
            };
        }

        return ScenarioFile.Check(scenario);
    }

    private static JobReport ReadReport(string path)
    {
        try
        {
            return
                Coordinator.Reports.ReportJson.Read(File.ReadAllBytes(path))
                    is { Chunks.Count: > 0, Frames: > 0 } report
                ? report
                : throw new InvalidRecipeException(
                    "report-unusable",
                    $"{path} tells of no chunks. Name the .report.json of a finished job."
                );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidRecipeException(
                "report-unusable",
                $"{path}: {e.Message.ReplaceLineEndings(" ")} Name the .report.json of a finished job."
            );
        }
    }

    private static int[] ReadSizes(string text)
    {
        int[] sizes =
        [
            .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(size =>
                    int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                    && value is >= 0 and <= 100_000
                        ? value
                        : throw new InvalidRecipeException(
                            "scenario-invalid",
                            $"--workers {text}: whole numbers up to 100000 with commas between, such as 1,10,100."
                        )
                )
                .Order(),
        ];
        return sizes.Length > 0
            ? sizes
            : throw new InvalidRecipeException("scenario-invalid", "--workers names no fleet; try --workers 1,10,100.");
    }

    private static void Save(string? path, Func<string> content)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(path, content());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                "output-unwritable",
                $"{path} cannot be written: {e.Message.ReplaceLineEndings(" ")} Choose another place.",
                isTransient: false,
                e
            );
        }
    }
}

/// <summary>The answer for programs.</summary>
internal sealed record SimulateAnswer(Scenario Scenario, IReadOnlyList<SimulatedRun> Runs, IReadOnlyList<Sweep> Sweeps)
{
    public int SchemaVersion { get; } = Terminal.SchemaVersion;
}
