namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to a Coordinator: do what the batch's row says is owed, such as to read its rows.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Attempt">The fencing token: only the newest is accepted.</param>
public sealed record AdvanceBatch(Guid BatchId, int Attempt);
