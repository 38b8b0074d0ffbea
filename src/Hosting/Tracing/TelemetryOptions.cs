namespace FaceFusion.Batch.Hosting.Tracing;

/// <summary>Where traces and metrics are sent.</summary>
public sealed record TelemetryOptions
{
    /// <summary>A collector that takes OTLP over HTTP, without the path of a signal: <c>http://host:4318</c>.</summary>
    public required Uri Collector { get; init; }

    /// <summary>What the process is: <c>ffb-coordinator</c>, <c>ffb-worker</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Which of them.</summary>
    public required string Instance { get; init; }
}
