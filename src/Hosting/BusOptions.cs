using System.ComponentModel.DataAnnotations;

namespace FaceFusion.Batch.Hosting;

/// <summary>Which bus the process talks over, and how it leaves it.</summary>
public sealed record BusOptions
{
    /// <summary>The broker; null: messages stay inside the process. Default: null.</summary>
    public RabbitMqOptions? RabbitMq { get; init; }

    /// <summary>
    /// How long a running chunk may still work after the process was told to stop (the drain), in seconds.
    /// After that its work is cancelled and another attempt does it. Default: 2.
    /// </summary>
    [Range(0, 3600)]
    public double DrainSeconds { get; init; } = 2;

    /// <summary>How long the bus may take to stop after the drain, in seconds. Default: 15.</summary>
    [Range(1, 600)]
    public double StopSeconds { get; init; } = 15;

    /// <summary>Whether the process ends where its queues stay unheard for long (<see cref="BusWatch"/>). Default: true.</summary>
    public bool EndsUnheard { get; init; } = true;
}
