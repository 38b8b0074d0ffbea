namespace FaceFusion.Batch.Contracts.Events;

/// <summary>Broadcast to every worker: stop what you do for this job.</summary>
public sealed record JobCancelled(Guid JobId);
