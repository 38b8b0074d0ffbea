namespace FaceFusion.Batch.Contracts.Values;

/// <summary>Where a chunk stands. <c>Released</c>: handed to the bus, not yet heard of.</summary>
public enum ChunkState
{
    Waiting,
    Released,
    Running,
    Fused,
    Quarantined,
}
