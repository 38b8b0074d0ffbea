using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>What <c>ffb bench</c> says; the JSON document of it is what <c>--compare</c> reads.</summary>
internal sealed record BenchAnswer
{
    public int SchemaVersion { get; init; } = Terminal.SchemaVersion;

    /// <summary>The least of all sizes: the whole job over its slowest stage alone; null: stages were not measured alone.</summary>
    public required double? RatioToBound { get; init; }

    /// <summary>The least of all sizes: the whole job over <c>ffmpeg decode | ffmpeg encode</c>; null: as above.</summary>
    public required double? RatioToPipe { get; init; }

    public required string Networks { get; init; }
    public required string Device { get; init; }
    public required string Runtime { get; init; }
    public required string Ffmpeg { get; init; }
    public required int Cores { get; init; }
    public required int Frames { get; init; }
    public required int Repeat { get; init; }

    /// <summary><c>libx264 ultrafast</c>, or <c>null</c>.</summary>
    public required string Encoder { get; init; }

    /// <summary>Crops a second of the swapper alone by the size of its batch; empty for the built-in fuser, which is no network.</summary>
    public required IReadOnlyDictionary<string, double> SwapperAlone { get; init; }

    /// <summary>The greatest rate of faces in the job over the swapper's best rate alone; null: there is no swapper that costs.</summary>
    public double? RatioToSwapper { get; init; }

    public required IReadOnlyList<BenchResult> Results { get; init; }

    /// <summary>Highest memory of this process, without its children, in MiB.</summary>
    public required double PeakMebibytes { get; init; }
}

/// <summary>One size of clip. Rates are frames a second, medians of the repeats.</summary>
internal sealed record BenchResult
{
    public required string Size { get; init; }
    public required int Chunks { get; init; }
    public required LaneCounts Lanes { get; init; }

    /// <summary>The whole job, from submission to the verified result; with a null encoder the chunks alone.</summary>
    public required double Job { get; init; }

    /// <summary>Each of the repeats.</summary>
    public required IReadOnlyList<double> Jobs { get; init; }

    /// <summary>The chunks alone: no bus, database, joining and verifying.</summary>
    public required double ChunksOnly { get; init; }

    /// <summary>Each stage alone, in as many chunks at a time as the job; empty: only the whole was measured.</summary>
    public required IReadOnlyDictionary<string, double> Alone { get; init; }

    /// <summary>The slowest of them.</summary>
    public required string? BoundStage { get; init; }

    public required double? Bound { get; init; }
    public required double? RatioToBound { get; init; }

    /// <summary>
    /// Cores over the CPU time of a frame of the job: as fast as the job could be with cores that are never idle. Stages that share the cores
    /// cannot be faster together, however fast each is alone.
    /// </summary>
    public double CoresBound { get; init; }

    /// <summary>The job over <see cref="CoresBound"/>: how much of the cores it used.</summary>
    public double RatioToCores { get; init; }

    /// <summary><c>ffmpeg decode | ffmpeg encode</c>.</summary>
    public required double? Pipe { get; init; }

    public required IReadOnlyList<double> Pipes { get; init; }
    public required double? RatioToPipe { get; init; }

    /// <summary>CPU seconds of the pipe, by the system's count; median.</summary>
    public required double PipeCpu { get; init; }

    /// <summary>The same of this process and its children during the whole job, or with a null encoder during its chunks; median.</summary>
    public required double JobCpu { get; init; }

    /// <summary>What of <see cref="JobCpu"/> this process itself took; median.</summary>
    public required double OwnCpu { get; init; }

    /// <summary>The ffmpeg and ffprobe runs of the last job by purpose; empty with a null encoder.</summary>
    public required IReadOnlyDictionary<string, ChildRuns> Children { get; init; }

    /// <summary>Where the last job was by the clock, from submission to the verified result; empty with a null encoder.</summary>
    public IReadOnlyList<BenchPhase> Phases { get; init; } = [];

    /// <summary>CPU milliseconds of each stage for a frame of the job.</summary>
    public required IReadOnlyDictionary<string, double> CpuMilliseconds { get; init; }

    /// <summary>Model to how many batches ran with the chunks and stages with 0, 1, 2 … rows in use.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<long>> Batches { get; init; }

    /// <summary>Where models ran.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    public GpuUse? Gpu { get; init; }
}

/// <summary>A part of a job by the clock.</summary>
/// <param name="Name">What was ordered: <c>scanning</c>, <c>fusing</c>.</param>
/// <param name="Seconds">Until the next was.</param>
internal sealed record BenchPhase(string Name, double Seconds);
