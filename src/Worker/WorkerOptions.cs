using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Faces.Devices;

namespace FaceFusion.Batch.Worker;

/// <summary>What a Worker process is told at its start.</summary>
public sealed record WorkerOptions
{
    /// <summary>Unique over the life of the process. Default: machine name and process id.</summary>
    [Required]
    public string WorkerId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Chunks worked on at once. Default: 1.</summary>
    [Range(1, 256)]
    public int Slots { get; init; } = 1;

    /// <summary>How often the worker says that it is alive, in seconds; as the Coordinator expects. Default: 5.</summary>
    [Range(0.05, 300)]
    public double HeartbeatSeconds { get; init; } = 5;

    /// <summary>Folder for what a chunk writes before it is stored; on the file system of the blobs where these are a folder.</summary>
    [Required]
    public required string ScratchFolder { get; init; }

    /// <summary>The only folder that <c>file:</c> URLs of orders may point into; null: none are accepted.</summary>
    public string? BlobFolder { get; init; }

    /// <summary>
    /// The only origins (<c>scheme://host[:port]</c>) that <c>http(s):</c> URLs of orders may name. Default: none.
    /// </summary>
    public IReadOnlyList<string> BlobOrigins { get; init; } = [];

    /// <summary>How much of targets that were fetched is kept for the next chunk, in GiB; those in use are kept whatever they take. Default: 20.</summary>
    [Range(0, 100_000)]
    public double TargetCacheGigabytes { get; init; } = 20;

    /// <summary>Folder with <c>catalog.json</c> and the models.</summary>
    [Required]
    public required string ModelsFolder { get; init; }

    /// <summary>Where models run. Default: the best device of the machine.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;
}
