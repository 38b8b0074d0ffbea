namespace FaceFusion.Batch.Coordinator.State;

/// <summary>A worker as it last reported.</summary>
public sealed class WorkerRow
{
    public required string Id { get; set; }
    public int Slots { get; set; }
    public int Busy { get; set; }

    /// <summary>An operator wants it to take nothing more.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Chunks that it failed and another worker then fused, since it last fused one itself.</summary>
    public int Strikes { get; set; }

    /// <summary>When it was taken out of work for its strikes; null: it was not.</summary>
    public DateTimeOffset? BlockedAt { get; set; }
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>What its models run on, as it says; null: it has not said.</summary>
    public string? Device { get; set; }

    /// <summary>Which other workers make the same frames: those of the same build. Null: it has not said.</summary>
    public string? Build { get; set; }
}
