using System.CommandLine;
using FaceFusion.Batch.Cli.Benching;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Benching;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb bench</c>: how fast jobs are on this machine, and what holds them up.</summary>
internal static class BenchCommand
{
    private const int LongFrames = 200_000;
    private const int SmallJobFrames = 48;
    private const int DefaultSeconds = 3600;

    private static readonly Dictionary<string, BenchNetworkKind> Kinds = new()
    {
        ["free"] = BenchNetworkKind.Free,
        ["built-in"] = BenchNetworkKind.BuiltIn,
        ["inswapper"] = BenchNetworkKind.Inswapper,
        ["inswapper-fp16"] = BenchNetworkKind.InswapperHalf,
    };

    private static readonly Option<string> Networks = new("--networks")
    {
        Description =
            "What networks cost: nothing (the pipeline alone), the built-in pack with the mesh fuser, or the pack with a swapper of 138 million random weights",
        DefaultValueFactory = _ => "built-in",
        HelpName = string.Join('|', Kinds.Keys),
    };

    private static readonly Option<string> Sizes = new("--sizes")
    {
        Description = "Of the clips, with commas between",
        DefaultValueFactory = _ => "360p,720p,1080p",
        HelpName = "SIZES",
    };

    private static readonly Option<int?> Frames = JobOptions.Number(
        "--frames",
        "Of each clip (default: 240)",
        16,
        1_000_000
    );

    private static readonly Option<string> Encoder = new("--encoder")
    {
        Description = "libx264, or null: frames are thrown away where they would be encoded",
        DefaultValueFactory = _ => "libx264",
        HelpName = "libx264|null",
    };

    private static readonly Option<string> Preset = new("--preset")
    {
        Description = "The encoder's preset",
        DefaultValueFactory = _ => "ultrafast",
        HelpName = "NAME",
    };

    private static readonly Option<int?> Workers = JobOptions.Number(
        "--workers",
        "Chunks worked on at a time (default: by cores and memory; ffb doctor says how many)",
        1,
        JobOptions.MostWorkers
    );

    private static readonly Option<int?> ChunkFrames = JobOptions.ChunkFramesOption();

    private static readonly Option<int?> Repeat = JobOptions.Number(
        "--repeat",
        "Figures are medians of so many turns (default: 3)",
        1,
        1000
    );

    private static readonly Option<bool> WholeOnly = new("--whole-only")
    {
        Description = "Measure the job and its chunks, and neither the stages alone nor ffmpeg's pipe",
    };

    private static readonly Option<bool> Long = new("--long")
    {
        Description =
            "Instead: one job of 200,000 frames (or --frames) of the first size, and whether its rate and memory stay as they are",
    };

    private static readonly Option<int?> Jobs = JobOptions.Number(
        "--jobs",
        "Instead: so many jobs of --frames frames (default: 48) one after the other, and whether memory, threads or handles grow",
        1,
        1_000_000
    );

    private static readonly Option<int?> Seconds = JobOptions.Number(
        "--seconds",
        "Cut --long or --jobs there (default: 3600)",
        1,
        1_000_000
    );

    private static readonly Option<string?> Plot = new("--plot")
    {
        Description = "Where the plot of --long or --jobs goes",
        HelpName = "FILE.svg",
    };

    private static readonly Option<string?> Base = new("--compare")
    {
        Description = "Say what changed against the JSON answer of an earlier run",
        HelpName = "BASE.json",
    };

    private static readonly Option<string?> Work = new("--work")
    {
        Description = "Folder for clips, networks and results, which are kept; default: one that is removed",
        HelpName = "FOLDER",
    };

    public static Command Create()
    {
        ExampledCommand command = new(
            "bench",
            "Measure jobs on this machine: each stage alone, the whole job, and what holds it up",
            "ffb bench --networks free",
            "ffb bench --sizes 1080p --device cuda --networks inswapper-fp16 --encoder null",
            "ffb bench --output-format json > base.json",
            "ffb bench --compare base.json",
            "ffb bench --networks free --long --seconds 600 --plot long.svg"
        );
        Networks.AcceptOnlyFromAmong([.. Kinds.Keys]);
        Encoder.AcceptOnlyFromAmong("libx264", "null");
        Option[] options =
        [
            Networks,
            Sizes,
            Frames,
            Encoder,
            Preset,
            Workers,
            ChunkFrames,
            Repeat,
            WholeOnly,
            Long,
            Jobs,
            Seconds,
            Plot,
            Base,
            Work,
            FleetOptions.Device.Option,
            FleetOptions.Batch.Option,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async parsed => (int)await RunAsync(parsed, CommonOptions.Terminal(parsed)));
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        BenchSettings settings = Read(parsed);
        string? compared = parsed.GetValue(Base);
        _ = compared is null ? null : BenchChange.Read(compared);
        using Interrupts interrupts = new(() => terminal.Note("Stopping."));
        string? kept = parsed.GetValue(Work);
        string? models = Environment.GetEnvironmentVariable(Installation.ModelsVariable);
        string folder = kept is null
            ? Directory.CreateTempSubdirectory("ffb-bench-").FullName
            : Directory.CreateDirectory(kept).FullName;
        try
        {
            if (parsed.GetValue(Long) || parsed.GetValue(Jobs) is not null)
            {
                await RunLongAsync(parsed, settings, folder, terminal, interrupts.Stop);
                return ExitCode.Ok;
            }

            BenchAnswer answer = await new BenchRun(settings, folder, terminal).RunAsync(interrupts.Stop);
            IReadOnlyList<BenchChange>? changes = compared is null ? null : BenchChange.Between(compared, answer);
            terminal.Answer(
                answer,
                text =>
                {
                    BenchTables.Print(text, answer);
                    if (changes is not null)
                    {
                        BenchTables.Compare(text, changes);
                    }
                }
            );
        }
        finally
        {
            // The benchmark's own networks are named there while it runs.
            Environment.SetEnvironmentVariable(Installation.ModelsVariable, models);
            if (kept is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return ExitCode.Ok;
    }

    private static async Task RunLongAsync(
        ParseResult parsed,
        BenchSettings settings,
        string folder,
        Terminal terminal,
        CancellationToken stop
    )
    {
        LongRun run = new(settings, folder, parsed.GetValue(Seconds) ?? DefaultSeconds, terminal);
        LongAnswer answer = parsed.GetValue(Jobs) is { } jobs
            ? await run.JobsAsync(jobs, stop)
            : await run.FramesAsync(parsed.GetValue(Frames) ?? LongFrames, stop);
        if (parsed.GetValue(Plot) is { } plot)
        {
            await File.WriteAllTextAsync(plot, LongTables.Plot(answer), stop);
        }

        terminal.Answer(answer, text => LongTables.Print(text, answer));
    }

    private static BenchSettings Read(ParseResult parsed) =>
        new()
        {
            Networks = Kinds[parsed.GetRequiredValue(Networks)],
            WholeOnly = parsed.GetValue(WholeOnly),
            Sizes =
            [
                .. parsed
                    .GetRequiredValue(Sizes)
                    .Split(',', StringSplitOptions.TrimEntries)
                    .Select(name =>
                        BenchSize.All.FirstOrDefault(size => size.Name == name)
                        ?? throw Setting.Wrong(
                            $"--sizes {name} is none of {string.Join(", ", BenchSize.All.Select(size => size.Name))}."
                        )
                    ),
            ],
            Frames = parsed.GetValue(Frames) ?? (parsed.GetValue(Jobs) is null ? 240 : SmallJobFrames),
            Preset = parsed.GetRequiredValue(Encoder) == "null" ? null : parsed.GetRequiredValue(Preset),
            Workers = parsed.GetValue(Workers) ?? Slots.Default,
            ChunkFrames = parsed.GetValue(ChunkFrames),
            Repeat = parsed.GetValue(Repeat) ?? 3,
            Device = FleetOptions.ReadDevice(parsed),
        };
}
