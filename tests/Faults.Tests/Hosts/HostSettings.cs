using System.Text.Json;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>What a process of the fleet is told, in one environment variable.</summary>
internal sealed record HostSettings
{
    public const string Variable = "FFB_FAULT_HOST";

    /// <summary>Unique over the life of the process.</summary>
    public required string Name { get; init; }

    public required string RabbitMq { get; init; }

    /// <summary>For a Coordinator alone.</summary>
    public required string Postgres { get; init; }

    /// <summary>For a Coordinator alone.</summary>
    public required string Azure { get; init; }

    public required string Container { get; init; }

    /// <summary>For a Worker: the origin of its addresses.</summary>
    public required string BlobOrigin { get; init; }

    public required string Folder { get; init; }

    public required string Models { get; init; }

    public static HostSettings Read() =>
        JsonSerializer.Deserialize<HostSettings>(Environment.GetEnvironmentVariable(Variable) ?? "")
        ?? throw new InvalidOperationException($"{Variable} is not set.");

    public string Write() => JsonSerializer.Serialize(this);
}
