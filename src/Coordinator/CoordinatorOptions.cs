using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage.Azure;

namespace FaceFusion.Batch.Coordinator;

/// <summary>What a Coordinator process is told at its start.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>
    /// Folder of the database and the blobs, unless the next two say otherwise, and of files on the way. One process at a time
    /// works in it.
    /// </summary>
    [Required]
    public required string WorkFolder { get; init; }

    /// <summary>Where the jobs are; null: in an SQLite file in the work folder. Default: null.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>Where the blobs are; null: in the work folder. Default: null.</summary>
    public AzureStoreOptions? Azure { get; init; }

    /// <summary>Folder of the model catalogue; null: nothing is told of models. Default: null.</summary>
    public string? ModelsFolder { get; init; }

    /// <summary>What results are for, whatever jobs declare. Default: nobody has said.</summary>
    public LicenceUsage Usage { get; init; }

    /// <summary>Tenant to what its results are for, in place of <see cref="Usage"/>. Default: none.</summary>
    public IReadOnlyDictionary<string, LicenceUsage> TenantUsages { get; init; } =
        new Dictionary<string, LicenceUsage>();

    /// <summary>How often a worker must be heard of, in seconds. Default: 5.</summary>
    [Range(0.05, 300)]
    public double HeartbeatSeconds { get; init; } = 5;

    /// <summary>Leases last this many heartbeats. Default: 4.</summary>
    [Range(2, 20)]
    public int HeartbeatsPerLease { get; init; } = 4;

    /// <summary>
    /// How long a released chunk may wait in the queue of a busy fleet before its message is taken for lost, in seconds.
    /// While a slot is idle, one lease is enough. Default: 600.
    /// </summary>
    [Range(1, 86400)]
    public double QueueSeconds { get; init; } = 600;

    /// <summary>How often the sweeper looks for what is owed, in seconds. Default: 2.</summary>
    [Range(0.02, 300)]
    public double SweepSeconds { get; init; } = 2;

    /// <summary>
    /// Coordinator and workers are one process: what an earlier process held is void at once, and three failed attempts
    /// quarantine a chunk where a fleet waits for three distinct workers. Default: true.
    /// </summary>
    public bool IsEmbedded { get; init; } = true;

    /// <summary>
    /// Embedded: take up unfinished jobs of earlier processes at the start; otherwise only those that are submitted again.
    /// Default: false.
    /// </summary>
    public bool ResumeAll { get; init; }

    /// <summary>
    /// Failed attempts (in a fleet: of distinct workers), or segments found damaged in the store, after which a chunk is
    /// quarantined. Default: 3.
    /// </summary>
    [Range(1, 20)]
    public int FailuresToQuarantine { get; init; } = 3;

    /// <summary>
    /// Attempts after which a chunk is quarantined that takes its worker down each time, and failed attempts after which it is even
    /// where the fleet has fewer workers than would be asked. Default: 10.
    /// </summary>
    [Range(1, 100)]
    public int LossesToQuarantine { get; init; } = 10;

    /// <summary>Chunks that a worker failed and others fused, one after another, after which it gets no more work. Default: 3.</summary>
    [Range(1, 100)]
    public int StrikesToBlock { get; init; } = 3;

    /// <summary>
    /// How long no worker of the build that a job was begun with may have been heard of, while workers of another take work, before
    /// that other one does the job anew, in seconds; at least a lease. Default: 120.
    /// </summary>
    [Range(0, 86400)]
    public double BuildGraceSeconds { get; init; } = 120;

    public TimeSpan BuildGrace => TimeSpan.FromSeconds(Math.Max(BuildGraceSeconds, Lease.TotalSeconds));

    public TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);

    public TimeSpan Lease => HeartbeatsPerLease * Heartbeat;

    public TimeSpan QueueLease => TimeSpan.FromSeconds(QueueSeconds);

    /// <summary>The heartbeat as the messages carry it: whole seconds, at least one.</summary>
    public int WholeHeartbeatSeconds => Math.Max(1, (int)Math.Round(HeartbeatSeconds));
}
