namespace FaceFusion.Batch.Coordinator.State;

/// <summary>This life of the Coordinator's process; what an earlier one held can be told apart by it.</summary>
public sealed record Incarnation(Guid Id)
{
    public static Incarnation New() => new(Guid.NewGuid());
}
