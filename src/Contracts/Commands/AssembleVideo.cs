namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to the Coordinator's media role: join the segments, copy the rest of the target, verify and publish.</summary>
public sealed record AssembleVideo(Guid JobId, int Attempt);
