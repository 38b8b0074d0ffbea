using FaceFusion.Batch.Coordinator.Dispatching;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>A fleet and its load, as <c>ffb simulate --scenario</c> reads it. Every field may be left out; times are in seconds.</summary>
public sealed record Scenario
{
    /// <summary>Decides every random draw: the same scenario and seed give the same figures.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Workers of a fleet of fixed size; with <see cref="Scaling"/>, those at the start.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Chunks that a worker works on at once.</summary>
    public int SlotsPerWorker { get; init; } = 1;

    /// <summary>Cores that everything shares, as on one machine; null: every slot has a device of its own.</summary>
    public double? Cores { get; init; }

    /// <summary>Cores that one chunk can keep busy by itself; only with <see cref="Cores"/>.</summary>
    public double CoresPerChunk { get; init; } = 1;

    /// <summary>Coordinators that prepare (one job at a time each) and assemble (two); 0: as many as are needed.</summary>
    public int MediaCoordinators { get; init; }

    public int Jobs { get; init; } = 100;

    /// <summary>Jobs that come in an hour, at random times; null: all are there at the start.</summary>
    public double? JobsPerHour { get; init; }

    public int Tenants { get; init; } = 4;

    /// <summary>How unlike the tenants are: the n-th has a share of 1/n to this power; 0: all alike.</summary>
    public double TenantSkew { get; init; } = 1;

    public IReadOnlyList<PriorityShare> Priorities { get; init; } = [new(0, 0.9), new(5, 0.1)];

    /// <summary>Frames of a target: the middle one of a log-normal spread.</summary>
    public int FramesMedian { get; init; } = 4500;

    /// <summary>Width of the spread: 0 makes all alike, 0.7 puts two thirds between half and twice the median.</summary>
    public double FramesSpread { get; init; } = 0.7;

    /// <summary>Frames per chunk; null: as the Coordinator chooses by slots and frames.</summary>
    public int? ChunkFrames { get; init; }

    /// <summary>Chunks in flight for each slot.</summary>
    public double WindowPerSlot { get; init; } = ReleaseWindow.PerSlot;

    public StageCosts Costs { get; init; } = new();

    public Troubles Troubles { get; init; } = new();

    /// <summary>Null: the fleet has a fixed size.</summary>
    public ScalingPolicy? Scaling { get; init; }

    /// <summary>How often a client asks for each of its open jobs; for the load that it implies.</summary>
    public double PollSeconds { get; init; } = 30;
}

/// <summary>How many of the jobs have which priority.</summary>
public sealed record PriorityShare(int Priority, double Share);

/// <summary>What work takes, in seconds of one slot (with <see cref="Scenario.Cores"/>: of one core).</summary>
public sealed record StageCosts
{
    public double Prepare { get; init; } = 0.5;
    public double PreparePerFrame { get; init; } = 0.0001;
    public double Scan { get; init; } = 0.5;
    public double ScanPerFrame { get; init; } = 0.0005;

    /// <summary>From the release of a chunk until a worker could have it.</summary>
    public double Hop { get; init; } = 0.02;

    /// <summary>Of every chunk: opening, seeking, starting the encoder, storing the segment.</summary>
    public double Chunk { get; init; } = 1.5;

    /// <summary>Of every frame in a chunk.</summary>
    public double Frame { get; init; } = 1 / 30.0;

    /// <summary>Frames decoded and analysed around a chunk, both sides together.</summary>
    public double MarginFrames { get; init; } = 24;

    /// <summary>Of every such frame.</summary>
    public double MarginFrame { get; init; } = 0.01;

    public double Assemble { get; init; } = 1;
    public double AssemblePerFrame { get; init; } = 0.0002;

    /// <summary>From the start of a worker until it takes work: node, image, models.</summary>
    public double ColdStart { get; init; } = 60;

    /// <summary>What an attempt takes when nothing goes wrong.</summary>
    public double Attempt(int frames) => Chunk + (MarginFrames * MarginFrame) + (frames * Frame);
}

/// <summary>What goes wrong, and how uneven things are.</summary>
public sealed record Troubles
{
    /// <summary>Coefficient of variation of the workers' speeds.</summary>
    public double WorkerSpread { get; init; } = 0.1;

    /// <summary>Coefficient of variation of chunks of the same length.</summary>
    public double ChunkSpread { get; init; } = 0.1;

    /// <summary>Share of attempts that take <see cref="StragglerFactor"/> times as long.</summary>
    public double StragglerShare { get; init; } = 0.002;

    public double StragglerFactor { get; init; } = 4;

    /// <summary>How often a worker's machine is taken away, in an hour of its life.</summary>
    public double PreemptionsPerWorkerHour { get; init; }

    /// <summary>Warning before that; 0: none, and the lease has to run out.</summary>
    public double NoticeSeconds { get; init; } = 30;

    /// <summary>Until another machine takes the place of one that was taken away; its cold start comes on top.</summary>
    public double ReplacementSeconds { get; init; } = 60;

    /// <summary>Share of attempts that fail half-way.</summary>
    public double FailureShare { get; init; }
}

/// <summary>A fleet that follows the work owed.</summary>
public sealed record ScalingPolicy
{
    public int Least { get; init; }
    public int Most { get; init; } = 100;

    /// <summary>Seconds of work owed that justify one worker.</summary>
    public double SecondsPerWorker { get; init; } = 120;

    public double EverySeconds { get; init; } = 15;
    public double WindowSeconds { get; init; } = 300;
    public double CooldownSeconds { get; init; } = 300;
}
