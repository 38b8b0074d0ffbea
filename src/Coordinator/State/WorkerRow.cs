namespace FaceFusion.Batch.Coordinator.State;

/// <summary>A worker as it last reported.</summary>
public sealed class WorkerRow
{
    public required string Id { get; set; }
    public int Slots { get; set; }
    public int Busy { get; set; }

    /// <summary>An operator wants it to take nothing more.</summary>
    public bool IsDraining { get; set; }
    public DateTimeOffset LastSeen { get; set; }
}
