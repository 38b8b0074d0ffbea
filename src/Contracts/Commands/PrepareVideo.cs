namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to the Coordinator's media role: probe the target, write its frame table, plan its chunks.</summary>
public sealed record PrepareVideo(Guid JobId);
